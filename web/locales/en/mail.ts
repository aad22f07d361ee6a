/** Words around every mail to staff. */
export const mailWords = {
  overSubject: (title: string): string => `Well again: ${title}`,
  over: (title: string): string => `This is over: ${title}.`,
  since: (moment: string): string => `It had stood since ${moment}. There is nothing to do.`,
  due: (moment: string): string => `Please look at it by ${moment}:`,
  why: "This mail comes once, because you set this service up or help to. It comes once more when it is over.",
};
