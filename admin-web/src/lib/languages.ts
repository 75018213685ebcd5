// Languages that a site may be written in, by their own names.
const CODES =
  "ar bg ca cs da de el en es et eu fa fi fr gl he hi hr hu id it ja ko lt lv nb nl pl pt ro ru sk sl sr sv th tr uk vi zh";

const own = (code: string) => new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
const title = (name: string) => name.charAt(0).toLocaleUpperCase() + name.slice(1);

export const languages: [code: string, name: string][] = CODES.split(" ")
  .map((code): [string, string] => [code, title(own(code))])
  .sort((a, b) => a[1].localeCompare(b[1]));
