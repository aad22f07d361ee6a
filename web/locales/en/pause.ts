/** Words for accounts that Stripe is not asked for, or not for everything. */
export const pauseWords = {
  heading: "Stripe is not asked just now",
  pause: (account: string, until: string, reason: string): string => `Account ${account}, until ${until}: ${reason}.`,
  reasons: {
    StripeRateLimitError: "Stripe says that we asked too much",
    StripeAuthenticationError: "Stripe does not take our key; check it under Settings, Stripe",
    StripePermissionError: "our key may not ask for this; under Settings, Stripe stands which right it lacks",
    StripeConnectionError: "Stripe cannot be reached",
    StripeAPIError: "Stripe is failing",
  } as Readonly<Record<string, string>>,
};
