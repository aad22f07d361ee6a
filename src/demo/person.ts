import type { Chance } from "./chance.ts";

/** A generated person of the story. The address is at example.org, where nobody lives. */
export type Person = { name: string; email: string; card: Card };

/** Where the card was issued: Stripe Canada takes 0.8% more for a foreign one. */
export type Card = "domestic" | "foreign";

/** Azerbaijani surnames as a man and as a woman bears them. */
const azerbaijaniSurnames = [
  ["Əliyev", "Əliyeva"],
  ["Məmmədov", "Məmmədova"],
  ["Həsənov", "Həsənova"],
  ["Hüseynov", "Hüseynova"],
  ["Quliyev", "Quliyeva"],
  ["İbrahimov", "İbrahimova"],
  ["İsmayılov", "İsmayılova"],
  ["Abbasov", "Abbasova"],
  ["Babayev", "Babayeva"],
  ["Cəfərov", "Cəfərova"],
  ["Rəhimov", "Rəhimova"],
  ["Nəbiyev", "Nəbiyeva"],
  ["Süleymanov", "Süleymanova"],
  ["Vəliyev", "Vəliyeva"],
  ["Qasımov", "Qasımova"],
  ["Mustafayev", "Mustafayeva"],
  ["Rzayev", "Rzayeva"],
  ["Orucov", "Orucova"],
  ["Səfərov", "Səfərova"],
  ["Nağıyev", "Nağıyeva"],
  ["Əsgərov", "Əsgərova"],
  ["Kərimli", "Kərimli"],
  ["Məmmədli", "Məmmədli"],
  ["Əhmədli", "Əhmədli"],
  ["Bayramlı", "Bayramlı"],
  ["Tağızadə", "Tağızadə"],
  ["Ələkbərzadə", "Ələkbərzadə"],
  ["Axundzadə", "Axundzadə"],
] as const;

const azerbaijaniMen = [
  "Elçin",
  "Rəşad",
  "Orxan",
  "Tural",
  "Vüsal",
  "Anar",
  "Kamran",
  "Fərid",
  "Nicat",
  "Samir",
  "Elnur",
  "Ramin",
  "Zaur",
  "Emin",
  "Cavid",
  "Murad",
  "Toğrul",
  "İlqar",
  "Ruslan",
  "Azər",
  "Fuad",
  "Rauf",
  "Teymur",
  "Əli",
  "Nazim",
] as const;

const azerbaijaniWomen = [
  "Leyla",
  "Aysel",
  "Günel",
  "Nigar",
  "Sevinc",
  "Aytən",
  "Gülnarə",
  "Könül",
  "Lalə",
  "Nərmin",
  "Səbinə",
  "Fidan",
  "Aygün",
  "Xədicə",
  "Ülviyyə",
  "Mehriban",
  "Pərvanə",
  "Zəhra",
  "Turanə",
  "Rəna",
  "Fəridə",
  "Nuranə",
  "Jalə",
  "Təranə",
] as const;

const canadianGiven = [
  "Margaret",
  "Emily",
  "Olivia",
  "Hannah",
  "Claire",
  "Élodie",
  "Geneviève",
  "Chloé",
  "Priya",
  "Anjali",
  "Mei",
  "Jia",
  "Fatima",
  "Amina",
  "Sofia",
  "Natasha",
  "Grace",
  "Ngozi",
  "David",
  "Michael",
  "Liam",
  "Noah",
  "Étienne",
  "Jean-Luc",
  "Mathieu",
  "Arjun",
  "Rohan",
  "Wei",
  "Daniel",
  "Yusuf",
  "Omar",
  "Carlos",
  "Andriy",
  "Kofi",
  "Peter",
  "Thomas",
] as const;

const canadianSurnames = [
  "Smith",
  "MacDonald",
  "Campbell",
  "Wilson",
  "Taylor",
  "Anderson",
  "Tremblay",
  "Gagnon",
  "Bouchard",
  "Côté",
  "Lavoie",
  "Singh",
  "Patel",
  "Sharma",
  "Chen",
  "Wong",
  "Li",
  "Nguyen",
  "Kim",
  "Hassan",
  "Khan",
  "Ahmed",
  "Kowalski",
  "Shevchenko",
  "Rossi",
  "Silva",
  "Fernandes",
  "García",
  "Okafor",
  "Mensah",
  "Friesen",
  "Cardinal",
] as const;

/** Makes `count` people with an address each. Two may bear the same name, as people do. */
export function makePeople(chance: Chance, count: number): Person[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, () => {
    const name = makeName(chance);
    return { name, email: freeEmail(name, taken), card: chance.oneIn(12) ? "foreign" : "domestic" };
  });
}

function makeName(chance: Chance): string {
  if (chance.next() < 0.3) return `${chance.pick(canadianGiven)} ${chance.pick(canadianSurnames)}`;
  const [asMan, asWoman] = chance.pick(azerbaijaniSurnames);
  if (chance.oneIn(2)) return `${chance.pick(azerbaijaniMen)} ${asMan}`;
  return `${chance.pick(azerbaijaniWomen)} ${asWoman}`;
}

function freeEmail(name: string, taken: Set<string>): string {
  const local = latin(name)
    .toLowerCase()
    .replace(/[^a-z]+/gu, ".");
  let email = `${local}@example.org`;
  for (let nth = 2; taken.has(email); nth += 1) email = `${local}${nth}@example.org`;
  taken.add(email);
  return email;
}

/** A name in the letters that people choose for their e-mail address. */
function latin(name: string): string {
  return name.replace(/[əƏ]/gu, "a").replace(/[ıİ]/gu, "i").normalize("NFD").replace(/\p{M}/gu, "");
}
