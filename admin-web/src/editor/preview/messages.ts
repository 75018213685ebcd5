// Words of the preview beside the text.

export const previewWords = {
  title: "Preview",
  frame: "The page as readers would get it",
  width: "Width",
  widths: { phone: "Phone", tablet: "Tablet", desktop: "Desktop" },
  scheme: "Colours",
  schemes: { light: "Light", dark: "Dark" },
  close: "Close preview",
  copy: "Copy link",
  copyHint: (days: number) => `Whoever has the link sees this post as it is here. It ends in ${days} days.`,
  revoke: "End all links",
  revoked: "The preview links of this post are over.",
  open: "Open in a new tab",
  unsaved: "The preview shows what was saved last.",
  empty: "Write something, and the page appears here as soon as it is saved.",
};
