/** Why the embedded server cannot be used, in one line for the person who started it. */
export class EmbeddedError extends Error {
  override name = "EmbeddedError";
}
