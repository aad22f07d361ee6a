import type { packWords as english } from "../en/pack.ts";
import { count, ofThis } from "./count.ts";

const people = (number: number): string => count(number, "personne", "personnes");
const donors = (number: number): string => count(number, "donateur", "donateurs");
const gifts = (number: number): string => count(number, "don", "dons");
const isOne = (number: number): boolean => number < 2;

/** The words of a board pack in French, as Canada writes it: no-break spaces stand before colons and inside guillemets. */
export const packWords: typeof english = {
  language: "Français",
  percent: (number) => `${number < 0 ? "−" : ""}${Math.abs(number)}\u00a0%`,
  title: (number) => `Dossier du conseil nº ${number}`,
  everything: "Tous les fonds, tous les organismes",
  placeOf: (organisation, fund, campaign) => [campaign, fund, organisation].filter((part) => part !== null).join(", "),
  allTime: "Depuis le début",
  since: (day) => `Depuis le ${day}`,
  until: (day) => `Jusqu’au ${day}`,
  fromTo: (from, to) => `Du ${from} au ${to}`,
  made: (moment, by) => `Établi le ${moment} par ${by}. Il ne change jamais.`,
  asOf: (moment) => `En date du ${moment}.`,
  page: (page, pages) => `Page ${page} sur ${pages}`,
  registration: (number) => `Numéro d’enregistrement ${number}`,
  responsible: "Qui est responsable",
  total: "Ensemble",
  unassigned: "En attente d’un fonds",
  fund: "Fonds",
  month: "Mois",
  gross: "avant les frais",

  proof: {
    heading: "Ce qui prouve ces chiffres",
    agrees: (organisation, moment) =>
      `${organisation}\u00a0: les livres concordent avec Stripe au cent près, en date du ${moment}.`,
    stale: (organisation, moment) =>
      `${organisation}\u00a0: les livres concordaient avec Stripe à la dernière comparaison, le ${moment}, il y a quelque temps déjà.`,
    moving: (organisation) => `${organisation}\u00a0: des paiements faits chez Stripe sont en train d’être comptés.`,
    differs: (organisation) => `${organisation}\u00a0: les livres diffèrent de Stripe.`,
    differsBy: (organisation, amount) => `${organisation}\u00a0: les livres diffèrent de Stripe de ${amount}.`,
    notYet: (organisation) => `${organisation}\u00a0: les livres n’ont pas encore été comparés avec Stripe.`,
    broken: (organisation) => `${organisation}\u00a0: les livres ne s’équilibrent pas. Adressez-vous à la trésorerie.`,
    closed: (organisation, month) => `${organisation}\u00a0: livres clos jusqu’à la fin ${ofThis(month)}.`,
    closedBy: (organisation, month, by) =>
      `${organisation}\u00a0: livres clos jusqu’à la fin ${ofThis(month)}, par ${by}.`,
    open: (organisation) =>
      `${organisation}\u00a0: aucun mois n’est encore clos; tous les chiffres peuvent donc encore changer.`,
    bank: "Les relevés de la banque n’ont pas encore été comparés.",
    chips: { good: "prouvé chez Stripe", warn: "pas entièrement prouvé" },
  },

  figures: {
    heading: "En bref",
    raised: "Recueilli",
    reached: "Parvenu à la cause",
    donors: "Donateurs",
    cameBack: "De retour",
    given: (given, returned) => `${given} donnés, ${returned} rendus`,
    unnamed: (number) =>
      number === 0
        ? "personnes, chacune comptée une fois"
        : `personnes, et ${count(number, "don anonyme", "dons anonymes")}`,
    ofBefore: (before) => `sur ${people(before)} ayant donné pendant la période précédente`,
    noBefore: "Il n’y a pas de période précédente.",
    changes: {
      more: (share, than) => `${share} de plus que pendant ${than}`,
      less: (share, than) => `${share} de moins que pendant ${than}`,
      same: (than) => `autant que pendant ${than}`,
      instead: (was, then) => `${was} pendant ${then}`,
    },
    with: {
      previous: "la période précédente",
      "last year": "les mêmes jours de l’an dernier",
      campaign: (name) => `les mêmes jours de «\u00a0${name}\u00a0»`,
    },
    upTo: (day) => `Comparaison arrêtée au même point, le ${day}.`,
    sum: "Ce qui est parvenu à la cause",
    plusProceeds: "plus le produit des ventes",
    lessFees: "moins les frais assumés",
    provisional: (number) =>
      `Les frais de ${gifts(number)} ne sont pas encore connus; la dernière ligne peut donc baisser un peu.`,
  },

  changed: {
    heading: "Ce qui a changé depuis votre dernière réunion",
    none: "C’est le premier dossier établi ici; il n’y a encore rien à comparer.",
    since: (number, moment) =>
      `Depuis le dossier nº ${number} du ${moment}, le total recueilli depuis le début a changé ainsi\u00a0:`,
    more: (amount, more, people) => `${amount} de plus ont été recueillis en tout, par ${more}; ${people}.`,
    less: (amount) =>
      `Le total recueilli est inférieur de ${amount}\u00a0: plus a été rendu ou corrigé qu’il n’a été donné.`,
    nothing: "Rien n’a été reçu et rien n’a été rendu.",
    newPeople: (number) =>
      number === 0
        ? "aucun nouveau donateur"
        : number > 0
          ? count(number, "nouveau donateur", "nouveaux donateurs")
          : `${donors(-number)} de moins, après des remboursements ou parce que deux n’étaient qu’une même personne`,
    gifts: (number) => (number >= 0 ? gifts(number) : `${gifts(-number)} de moins`),
    columns: { raised: "Recueilli", gifts: "Dons", donors: "Donateurs" },
    caption: "Différences depuis le dernier dossier, par fonds",
    gone: (name) => `${name} (n’est plus présenté ici)`,
    restated: (period, then, now) =>
      `Ce dossier indiquait ${then} recueillis pour «\u00a0${period}\u00a0». Aujourd’hui, la même période s’établit à ${now}\u00a0: des dons sont arrivés tard, ont été rendus ou ont été corrigés.`,
    stands: (period, amount) =>
      `Ce dossier indiquait ${amount} recueillis pour «\u00a0${period}\u00a0». Ce chiffre tient toujours.`,
  },

  funds: {
    heading: "Par fonds",
    caption: "Totaux de la période par fonds",
    columns: { raised: "Recueilli", proceeds: "Ventes", fees: "Frais", reached: "Parvenu", donors: "Donateurs" },
    once: "Une personne qui a donné à deux fonds compte une seule fois dans la dernière ligne; les nombres qui la précèdent peuvent donc donner une somme plus élevée.",
    joint: (organisation) =>
      `Un fonds partagé avec un autre organisme montre ce que tous ont recueilli. La dernière ligne est ce qui est venu à ${organisation} seulement.`,
    other: (amount, where) => `Recueilli aussi, et jamais additionné\u00a0: ${amount}, ${where}.`,
    jointCaption: "Ce que chaque organisme a recueilli pour ce fonds",
    organisation: "Organisme",
    owed: (from, amount, to) => `${from} en doit ${amount} à ${to}.`,
    owesNothing: "Aucun des deux n’en doit rien à l’autre.",
  },

  months: {
    heading: "Recueilli au fil du temps",
    caption: "Donné et rendu par mois",
    columns: { given: "Donné", returned: "Rendu", raised: "Recueilli" },
    chart: "Recueilli par mois",
    summary: (months, raised, best) =>
      `Colonnes de ${count(months, "mois", "mois")}, ${raised} recueillis en tout; le plus en ${best}. Le tableau donne tous les chiffres.`,
    below: "Ce qui a été rendu figure sous la ligne.",
    none: "Aucun mois de cette période n’a reçu de don.",
    earlier: (months) => (isOne(months) ? "Le mois d’avant" : `Les ${months} mois d’avant`),
  },

  people: {
    heading: "Qui a donné",
    sentence: (all, fresh) =>
      `${people(all)} ${isOne(all) ? "a" : "ont"} donné. ${
        fresh === 0
          ? "Personne ne donnait pour la première fois."
          : `${people(fresh)} ${isOne(fresh) ? "donnait" : "donnaient"} pour la première fois.`
      }`,
    back: (returning, before, lapsed) =>
      `Sur ${people(before)} ayant donné pendant la période précédente, ${returning} ${isOne(returning) ? "est revenue" : "sont revenues"} et ${lapsed} ne ${isOne(lapsed) ? "l’est" : "le sont"} pas, ou pas encore.`,
    regained: (number) =>
      `${people(number)} ${isOne(number) ? "est revenue" : "sont revenues"} après une plus longue absence.`,
    samePoint: (returning, before) =>
      `Au même point une période plus tôt, ${returning} sur ${before} ${isOne(returning) ? "était revenue" : "étaient revenues"}.`,
    share: (share) => `C’est ${share}.`,
    noBefore:
      "Une période sans premier jour n’a pas de période précédente; on ne peut donc dire de personne qu’elle est revenue.",
  },

  size: {
    heading: "Un don typique",
    sentence: (median, average) =>
      `La moitié des dons étaient de ${median} ou moins. Le don moyen était de ${average}; un seul don important peut le déplacer.`,
    none: "Aucun don de cette période n’a de montant connu.",
    caption: "Dons selon leur montant",
    columns: { size: "Un don de", gifts: "Dons" },
    chart: "Dons selon leur montant",
    summary: (number) => `Barres de ${gifts(number)} selon leur montant. Le tableau donne tous les chiffres.`,
    from: (from, to) => `${from} à moins de ${to}`,
    under: (to) => `moins de ${to}`,
    over: (from) => `${from} ou plus`,
  },

  plans: {
    heading: "Ce qui est régulier",
    none: "Personne n’a choisi de don qui se répète.",
    sentence: (active, base) =>
      `${count(active, "don se répète", "dons se répètent")} et ${isOne(active) ? "apporte" : "apportent"} ${base} par mois.`,
    moved: (began, ended) =>
      `Pendant la période, ${began} ${isOne(began) ? "a" : "ont"} commencé et ${ended} ${isOne(ended) ? "a" : "ont"} pris fin.`,
    ofStart: (ended, start) =>
      `${ended} ${isOne(ended) ? "a" : "ont"} pris fin, sur ${start} en cours au début de la période.`,
    failing: (number) => `${count(number, "paiement a échoué", "paiements ont échoué")} sans avoir encore été repris.`,
  },

  concentration: {
    heading: "Dépendons-nous de quelques personnes",
    missing:
      "La part des plus grands donateurs est tenue par exercice et depuis le début, et non pour d’autres périodes.",
    none: "Aucune personne connue n’a fait de don qui soit resté.",
    sentence: (share) => `Le plus grand donateur a donné ${share} de ce qui est resté.`,
    flag: "C’est plus du quart\u00a0: le fonds dépend d’une seule personne.",
    caption: "De la part des plus grands donateurs",
    columns: { people: "Les plus grands", amount: "Ont donné", share: "Part" },
    top: (number) => donors(number),
    few: (number) => `Seulement ${people(number)} ${isOne(number) ? "a" : "ont"} donné.`,
  },

  accounts: {
    5000: "Frais de traitement",
    5010: "Frais de contestation",
    5020: "Frais de traitement des ventes",
    5100: "Coût des articles",
    6910: "Collecte de fonds",
  },

  cost: {
    heading: "Ce que coûte un dollar",
    missing:
      "Les coûts sont ceux d’un organisme, et ce dossier porte sur une partie d’un organisme ou sur des parties de plusieurs.",
    sentence: (cents) => `Recueillir un dollar a coûté ${cents}.`,
    nothing: "Rien n’a été recueilli; il n’y a donc pas de coût par dollar.",
    caption: "Ce qui est compté comme coût",
    account: "Compte",
    amount: "Coût",
    revenue: (amount) => `Par rapport à ${amount} de dons et de ventes, moins ce qui a été rendu.`,
  },

  spendable: {
    heading: "Ce qui peut être dépensé librement",
    missing: "Les livres ne tiennent pas de solde pour une campagne seule.",
    sentence: (day, free, restricted) =>
      `Le ${day}, ${free} pouvaient être dépensés librement, et ${restricted} seulement pour la fin à laquelle ils ont été donnés.`,
    waiting: (amount) => `${amount} attendent un fonds.`,
    caption: "Soldes des fonds",
    balance: "Solde",
    restricted: "affecté",
    free: "libre",
  },

  merchandise: {
    heading: "Articles vendus et promesse faite",
    caption: "Ce qui a été vendu",
    columns: {
      campaign: "Campagne",
      units: "Vendus",
      gross: "Payé pour les articles",
      promised: "Promis",
      actual: "Versé au fonds",
      difference: "Différence",
    },
    unknown: "pas encore connu",
    kept: "Toutes les promesses faites aux acheteurs ont été tenues.",
    short: (name, amount) => `Il manque ${amount} à la promesse de «\u00a0${name}\u00a0».`,
    apart:
      "Un achat n’est pas un don\u00a0: il est présenté à part de ce qui est recueilli et parvient au fonds comme produit des ventes.",
  },

  trust: {
    heading: "Pouvons-nous nous fier aux chiffres",
    disputes: (open, amount) =>
      `${count(open, "contestation est ouverte", "contestations sont ouvertes")} auprès d’une banque, pour ${amount}.`,
    noDisputes: "Aucune contestation n’est ouverte.",
    unassigned: (number, amount) => `${gifts(number)} de ${amount} ${isOne(number) ? "attend" : "attendent"} un fonds.`,
    noUnassigned: "Aucun don n’attend un fonds.",
    fees: (number) => `Les frais de ${gifts(number)} ne sont pas encore connus.`,
    suspense: (amount) => `${amount} chez Stripe sont d’une nature que personne n’a encore précisée.`,
    provisional: "Les mois qui ne sont pas clos peuvent encore changer.",
  },

  note: { heading: "Mot de la trésorerie" },
  definitions: { heading: "Comment nous comptons" },

  shared: {
    sentence: "Voici la partie du dossier qui peut être communiquée.",
    why: "Pour protéger les donateurs, aucun chiffre ne porte ici sur moins de cinq personnes. Un fonds n’est présenté que si des blocs de mois terminés, comptant chacun au moins cinq donateurs, commencent et finissent exactement avec cette période.",
    hidden: (name) =>
      `${name}\u00a0: non présenté, car il s’agirait de moins de cinq personnes ou de mois non terminés.`,
    columns: { raised: "Recueilli", gifts: "Dons", donors: "Donateurs" },
    whyAllTime:
      "Depuis le début, un fonds public montre ici ce que sa propre page montre à tout le monde, tel que c’était quand ce lien a été créé.",
    more: (funds) =>
      isOne(funds)
        ? "Un autre fonds, qui n’est pas public, n’est pas présenté."
        : `${funds} autres fonds, qui ne sont pas publics, ne sont pas présentés.`,
    rounded: "Le nombre de donateurs est arrondi au multiple de cinq inférieur.",
    sum: "Les fonds présentés ici",
    none: "Aucun fonds ne peut être présenté pour cette période.",
    left: "Laissés de côté pour la même raison\u00a0: ce qui a été rendu, les plus grands donateurs, le montant des dons et les dons en attente d’un fonds.",
    merchandise: "Articles vendus depuis le début",
    ends: (moment) => `Ce lien fonctionne jusqu’au ${moment}.`,
  },
};
