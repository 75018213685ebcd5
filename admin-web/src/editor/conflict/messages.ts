// Words of the dialog in which two versions of a post are brought together.

export const conflictWords = {
  title: "Two versions of the same place",
  hint: "You and somebody else changed these at the same time. Choose what stands; everything else is together already.",
  mine: "Mine",
  theirs: "Theirs",
  allMine: "Mine everywhere",
  allTheirs: "Theirs everywhere",
  text: "Text",
  place: (at: number) => `Text, place ${at}`,
  none: "Deleted here.",
  empty: "Empty.",
  later: "Decide later",
  done: "Go on with this",
};
