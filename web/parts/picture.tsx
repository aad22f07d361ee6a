import type { ShownPicture } from "../../src/core/picture.ts";

/** A picture of a fund, a campaign or an item; nothing where there is none. */
export function Picture({ picture }: { picture: ShownPicture | null }) {
  if (picture === null) return null;
  const { id, width, height, shows } = picture;
  return <img class="picture" src={`/pictures/${id}`} width={width} height={height} alt={shows} loading="lazy" />;
}
