import type { Definition, NumberName } from "../../../src/core/definition.ts";

/** What each number means, in French: the twin of `src/core/definition.ts`, for packs. */
export const definitions: Readonly<Record<NumberName, Definition>> = {
  given: { label: "Donné", text: "Tous les dons réussis, avant toute déduction." },
  returned: {
    label: "Rendu",
    text: "Les remboursements, que nous avons faits, et les contestations, par lesquelles la banque d’un donateur a repris l’argent. Si un remboursement échoue ou si la banque tranche en notre faveur, c’est une ligne distincte, de signe contraire, à sa propre date.",
  },
  raised: {
    label: "Recueilli",
    text: "Donné, moins rendu. Seuls les dons sont comptés\u00a0: ce que rapportent les ventes est présenté à part.",
  },
  proceeds: {
    label: "Produit des ventes",
    text: "Ce que les ventes apportent au fonds selon la promesse faite aux acheteurs.",
  },
  fees: {
    label: "Frais",
    text: "Ce que Stripe a retenu sur les dons de ce fonds, sauf si un autre fonds l’assume. Les frais des ventes relèvent de la vente. Stripe annonce certains frais plus tard\u00a0: le nombre de dons dont les frais manquent encore est indiqué.",
  },
  reached: {
    label: "Parvenu à la cause",
    text: "Recueilli, plus le produit des ventes, moins les frais assumés par ce fonds.",
  },
  gifts: {
    label: "Dons",
    text: "Les dons réussis qui n’ont pas été rendus en entier. Une même personne peut en faire plusieurs.",
  },
  donors: {
    label: "Donateurs",
    text: "Les personnes différentes ayant fait au moins un don qui n’a pas été rendu en entier. Chacune compte une seule fois, même si son nom n’est pas affiché, et même si elle a donné à plusieurs fonds.",
  },
  unnamedGifts: {
    label: "Dons anonymes",
    text: "Les dons de personnes que nous ne connaissons pas, comme l’argent d’une boîte de dons. Ils figurent à côté des donateurs et n’y sont jamais ajoutés.",
  },
  supporters: {
    label: "Sympathisants",
    text: "Les personnes différentes qui ont donné ou acheté quelque chose. Chacune compte une fois; qui a seulement acheté n’est pas un donateur.",
  },
  newDonors: {
    label: "Nouveaux donateurs",
    text: "Les personnes dont le tout premier don ici date de la période.",
  },
  returning: {
    label: "De retour",
    text: "Les personnes qui ont donné pendant la période précédente et de nouveau pendant celle-ci.",
  },
  regained: {
    label: "Retrouvés",
    text: "Les personnes qui avaient donné auparavant, pas pendant la période précédente, et de nouveau pendant celle-ci.",
  },
  lapsed: {
    label: "Pas encore revenus",
    text: "Les personnes qui ont donné pendant la période précédente et pas, ou pas encore, pendant celle-ci.",
  },
  retention: {
    label: "Fidélité",
    text: "La part des donateurs de la période précédente qui ont donné de nouveau pendant celle-ci.",
  },
  median: {
    label: "Don médian",
    text: "Le montant du milieu\u00a0: la moitié des dons sont aussi élevés ou moins, l’autre moitié aussi élevés ou plus.",
  },
  average: {
    label: "Don moyen",
    text: "La somme des dons divisée par leur nombre. Un seul don important peut la déplacer.",
  },
  monthlyBase: {
    label: "Base mensuelle",
    text: "Ce que les dons qui se répètent apportent en un mois\u00a0: ceux d’une année comptent pour un douzième, ceux d’une semaine pour 52 douzièmes.",
  },
  churn: {
    label: "Arrêts",
    text: "Les dons répétés qui ont pris fin pendant la période, par rapport à ceux en cours à son début.",
  },
  concentration: {
    label: "Concentration",
    text: "La part de ce qui est resté qui vient de la personne, des cinq ou des dix personnes ayant le plus donné.",
  },
  pace: { label: "Rythme", text: "Ce qui a été recueilli par rapport à l’objectif, pour le temps écoulé." },
  free: { label: "Libre", text: "Le solde des fonds que personne n’a affecté à une fin particulière." },
  restricted: {
    label: "Affecté",
    text: "Le solde des fonds qui ne peut servir qu’à la fin pour laquelle il a été donné.",
  },
  costToRaise: {
    label: "Coût d’un dollar",
    text: "Les frais et les coûts de collecte des livres, divisés par les dons et les ventes, moins ce qui a été rendu.",
  },
  sold: {
    label: "Vendu",
    text: "Ce que les acheteurs ont payé pour les articles, sans la livraison et avant les frais. Une vente n’est jamais un don.",
  },
  promised: {
    label: "Promis",
    text: "Ce que le texte montré aux acheteurs promet au fonds pour les articles vendus et non rendus.",
  },
  actual: { label: "Versé au fonds", text: "Ce que les ventes ont réellement apporté au fonds selon la promesse." },
  difference: { label: "Différence", text: "Versé au fonds, moins promis." },
  owed: { label: "Dû", text: "Ce qu’un organisme détient d’un fonds commun pour l’autre." },
  cohort: { label: "Cohorte", text: "Les personnes qui ont donné pour la première fois au cours du même exercice." },
};
