// Words of the screens around the editor.
import { plural, span } from "../lib/format";

export const signInWords = {
  title: "Sign in",
  hint: "To write and publish on this site.",
  forgot: "Forgot your password? An operator can set a new one with",
  email: "E-mail",
  password: "Password",
  button: "Sign in",
  busy: "Signing in…",
  wrong: "This e-mail and password do not go together. Check both, then try again.",
  wait: (seconds: number) => `Too many tries. You can try again in ${span(seconds)}.`,
  ended: "Your session has ended",
  endedHint: "Sign in again to go on. What you wrote is still here, and it is saved as soon as you are back.",
};

export const setupWords = {
  tab: "Set up",
  title: "Set up your site",
  hint: "One page, then you can write.",
  done: "This site is set up",
  doneHint: "Its owner has been created already.",
  noToken: "Almost there",
  noTokenHint: "This site has no owner yet.",
  noTokenHelp: [
    "Open the set-up link that the server prints when it starts. It ends in",
    "and shows that the server is yours.",
  ],
  badToken: "This set-up link is not valid any more. Start the server again and use the link that it prints.",
  siteTitle: "Site title",
  name: "Your name",
  email: "E-mail",
  emailHint: "You sign in with it. Readers do not see it.",
  password: "Password",
  passwordHint: "At least 10 characters; several words are fine.",
  language: "Language",
  timezone: "Time zone",
  start: "Begin with",
  empty: "An empty site and a first draft",
  sample: "Sample posts, to look around",
  button: "Create site",
  busy: "Setting up…",
  missing: {
    site_title: "Give the site a name. You can change it later.",
    name: "Tell us how to name you as an author.",
    email: "Enter an e-mail address, such as ada@example.org.",
    password: "Use at least 10 characters. Several words are easy to remember.",
  },
};

export const termWords = {
  posts: "Posts",
  actions: "Actions",
  add: (noun: string) => `New ${noun}`,
  change: (noun: string) => `Edit ${noun}`,
  search: (title: string) => `Search ${title.toLowerCase()}`,
  none: (title: string) => `No ${title.toLowerCase()} yet`,
  noneCalled: (noun: string, name: string) => `No ${noun} is called “${name}”.`,
  noName: (noun: string) => `Give the ${noun} a name.`,
  slugHint: "The last part of its address.",
  postsOf: (n: number, name: string) => `${plural(n, "post")}, ${name}`,
  saved: (name: string) => `“${name}” was saved.`,
  deleted: (name: string) => `“${name}” was deleted.`,
  askDelete: (name: string) => `Delete “${name}”?`,
  used: (n: number, noun: string) =>
    n
      ? `${plural(n, "post")} will no longer carry this ${noun}. The posts themselves stay.`
      : `No post uses this ${noun}.`,
  tag: {
    noun: "tag",
    about: "Description",
    hint: "Tags gather posts by subject, and each has a page of its own. You can also add them while you write.",
  },
  author: { noun: "author", about: "About", hint: "Authors sign posts, and each has a page of their own." },
};

export const settingsWords = {
  site: "The site",
  title: "Title",
  description: "Description",
  descriptionHint: "One or two sentences, for search engines and feeds.",
  languageAndTime: "Language and time",
  language: "Language",
  timezone: "Time zone",
  timezoneHint: "Dates and schedules are in this zone.",
  look: "Look and reading",
  logo: "Logo",
  logoHint: "It stands beside the title on every page.",
  chooseLogo: "Choose logo",
  replaceLogo: "Replace logo",
  uploading: "Uploading…",
  accent: "Accent colour",
  accentHint: "Links and buttons of the theme.",
  accentPick: "Pick the accent colour",
  perPage: "Posts per page",
  perPageHint: "On the home page and in archives.",
  save: "Save settings",
  dirty: "Every page that shows a changed setting is made again.",
  clean: "Everything is saved.",
  saved: "Settings were saved. The pages that use them are being made again.",
};
