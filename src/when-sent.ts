/** The answer, and word of when all of it has been sent, or its reader has gone: until then it may need the database. */
export function whenSent(answer: Response): { response: Response; sent: Promise<void> } {
  if (answer.body === null) return { response: answer, sent: Promise.resolve() };
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const sent = answer.body.pipeTo(writable).catch(() => undefined);
  return { response: new Response(readable, answer), sent };
}
