// Menus as rows.
import { expect, it } from "vitest";
import type { MenuItem } from "../src/api/types";
import { canIndent, canMove, itemsOf, move, remove, rowsOf, shift, type Row } from "../src/screens/navigation/rows";

const MENU: MenuItem[] = [
  { label: "Home", url: "/", children: [] },
  {
    label: "About",
    post: "p1",
    children: [
      { label: "Team", url: "/team/", children: [{ label: "Bo", url: "/bo/", children: [] }] },
      { label: "", tag: "t1", children: [] },
    ],
  },
  { label: "Contact", url: "/contact/", children: [] },
];
const drawn = (rows: Row[]) => rows.map(({ depth, label, target }) => `${"-".repeat(depth)}${label || target}`);

it("come back as the items they were, however deep", () => {
  expect(itemsOf(rowsOf(MENU))).toEqual(MENU);
  expect(drawn(rowsOf(MENU))).toEqual(["Home", "About", "-Team", "--Bo", "-t1", "Contact"]);
});

it("move past their neighbours together with what hangs on them", () => {
  const rows = rowsOf(MENU);
  const down = move(rows, 1, 1);
  expect(drawn(down.rows)).toEqual(["Home", "Contact", "About", "-Team", "--Bo", "-t1"]);
  expect(down.at).toBe(2);
  expect(drawn(move(rows, 4, -1).rows)).toEqual(["Home", "About", "-t1", "-Team", "--Bo", "Contact"]);
  expect(canMove(rows, 2, -1)).toBe(false);
  expect(canMove(rows, 4, 1)).toBe(false);
  expect(canMove(rows, 0, -1)).toBe(false);
});

it("hang on the item above, one level deep, and stand for themselves again", () => {
  const rows = rowsOf(MENU);
  expect(canIndent(rows, 0)).toBe(false);
  expect(canIndent(rows, 1)).toBe(false);
  expect(canIndent(rows, 5)).toBe(true);
  const hung = shift(rows, 5, 1);
  expect(itemsOf(hung)[1]!.children!.at(-1)!.label).toBe("Contact");
  expect(canIndent(hung, 5)).toBe(false);
  expect(itemsOf(shift(hung, 5, -1))).toEqual(MENU);
});

it("leave what hung on them where it was when they are removed", () => {
  expect(drawn(remove(rowsOf(MENU), 1))).toEqual(["Home", "Team", "-Bo", "t1", "Contact"]);
});
