import { count } from "./count.ts";

/** Words of the pages on which admins say who is on the staff. */
export const staffWords = {
  title: "Staff",
  over: "Desk",
  lead: "Who may come in, and what each may do.",
  said: {
    given: "The role is given. The person signs in anew.",
    taken: "The role is taken away. The person is signed out.",
    removed: "The person is off the staff and signed out everywhere. The name stays beside what was done.",
  } as Readonly<Record<string, string>>,
  you: "You",
  noRoles: "No role",
  secondFactor: { on: "Second factor", off: "Password only" },
  seen: (moment: string | null): string => (moment === null ? "Not signed in" : `Last seen ${moment}`),
  open: "Change",
  openOf: (name: string): string => `Change ${name}`,
  invitationsHeading: (open: number): string => `${count(open, "invitation", "invitations")} not accepted yet`,
  until: (moment: string): string => `works until ${moment}`,
  invite: {
    heading: "Invite somebody",
    lead: "You get a link to send, by mail or any other way. It works once, for a week.",
    name: "Name",
    email: "E-mail, with which they sign in",
    role: "Role",
    where: "Where",
    submit: "Make the link",
  },
  link: {
    join: (name: string): string => `The link for ${name}`,
    joinLead: "Send it to this person only. It works once, for a week, and is shown only now.",
    reset: (name: string): string => `A link to set a new password for ${name}`,
    resetLead: "Send it to this person only. It works once, for a day, and is shown only now.",
    label: "Link",
    back: "Back to the staff",
  },
  person: {
    rolesHeading: "Roles",
    take: "Take away",
    takeOf: (role: string, where: string): string => `Take away ${role}, ${where}`,
    giveHeading: "Give another role",
    give: "Give the role",
    resetHeading: "A new password",
    resetLead: "For somebody who has forgotten it. You get a link to send; you never see the password.",
    clears: "The authenticator is lost too: forget it",
    reset: "Make the link",
    removeHeading: "Remove from the staff",
    removeLead: "Ends every session and takes every role, at once. The name stays in the history of what was done.",
    remove: (name: string): string => `Remove ${name}`,
    notYours:
      "This person also holds roles that are not yours to give, so only an admin for all organisations can do more here.",
  },
};
