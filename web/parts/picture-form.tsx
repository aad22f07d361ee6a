import { pictureWords as words } from "../locales/en/settings.ts";
import type { Errors } from "./field.tsx";
import { SettingForm, type Section } from "./setting-form.tsx";
import { Press } from "./setting-list.tsx";

export const pictureSections: Section[] = [
  {
    questions: [
      { as: "file", name: "picture", label: words.file, hint: words.hint },
      { as: "text", name: "shows", label: words.shows, hint: words.showsHint },
    ],
  },
];

type PicturePartProps = {
  /** The page of what the picture belongs to. */
  path: string;
  /** The number of the picture shown now, and what it shows. */
  picture: string | null;
  shows: string;
  errors: Errors;
  typed?: string;
};

/** The picture of an organisation, fund, campaign or item: what is shown now, and a form for another. */
export function PicturePart({ path, picture, shows, errors, typed = "" }: PicturePartProps) {
  return (
    <section aria-labelledby="picture-heading">
      <h2 id="picture-heading">{words.heading}</h2>
      {picture === null ? null : (
        <>
          <img class="picture picture-now" src={`/pictures/${picture}`} alt={shows} />
          <Press action={`${path}/picture/remove`} fields={{}} label={words.remove}>
            {words.remove}
          </Press>
        </>
      )}
      <SettingForm
        action={`${path}/picture`}
        sections={pictureSections}
        values={{ shows: typed }}
        errors={errors}
        button={words.send}
        upload
        quiet
      />
    </section>
  );
}
