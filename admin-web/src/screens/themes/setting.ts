// A setting that a theme declares, as a form holds it.
import type { ThemeSetting } from "../../api/themes";
import { themeWords as w } from "./messages";

export type Values = Record<string, unknown>;

/** Whether it is to be shown while the others have these values. */
export const isShown = ({ visible_if }: ThemeSetting, values: Values): boolean =>
  Object.entries(visible_if).every(([name, value]) => JSON.stringify(values[name]) === JSON.stringify(value));

export const valuesOf = (settings: ThemeSetting[]): Values =>
  Object.fromEntries(settings.map(({ name, value }) => [name, value]));

export const isDefault = (setting: ThemeSetting, value: unknown): boolean =>
  JSON.stringify(setting.default) === JSON.stringify(value);

/** What is sent: what differs, and null for what is as the theme has it. */
export function changesOf(settings: ThemeSetting[], values: Values): Values {
  const changed = settings.filter(
    ({ name, value, refused }) => JSON.stringify(value) !== JSON.stringify(values[name]) || refused != null,
  );
  return Object.fromEntries(
    changed.map((setting) => [setting.name, isDefault(setting, values[setting.name]) ? null : values[setting.name]]),
  );
}

/** By group, in the order in which the groups first appear. */
export function byGroup(settings: ThemeSetting[]): [group: string, settings: ThemeSetting[]][] {
  const groups = new Map<string, ThemeSetting[]>();
  for (const setting of settings) {
    const group = setting.group || w.other;
    groups.set(group, [...(groups.get(group) ?? []), setting]);
  }
  return [...groups];
}

/** A value as people read it. */
export function valueWords(value: unknown): string {
  if (typeof value === "boolean") return value ? w.on : w.off;
  return String(value ?? "") || w.empty;
}
