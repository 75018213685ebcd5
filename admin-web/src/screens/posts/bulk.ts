// What can be done with several posts at once, what that changes for readers, and how it is undone.
import { asApiError } from "../../api/errors";
import { impactOf, publishPost, restorePost, savePost, schedulePost, trashPost, unpublishPost } from "../../api/posts";
import type { Impact, ImpactPage, PostSummary } from "../../api/types";
import { describeProblem } from "../../lib/messages";
import type { Verb } from "./verbs";

/** From this many on, what takes posts away from readers must be confirmed by their number. */
export const TYPED_FROM = 20;
/** How many questions about what would change are under way at once. */
const AT_ONCE = 4;

/** All pages that one of the impacts names, once each; a page that is new or gone for one is that for all. */
export function combined(impacts: Impact[]): Impact {
  const pages = new Map<string, ImpactPage>();
  for (const page of impacts.flatMap((impact) => impact.pages)) {
    const known = pages.get(page.path);
    if (!known || (known.effect === "changes" && page.effect !== "changes")) pages.set(page.path, page);
  }
  const unlisted = impacts.reduce((sum, impact) => sum + impact.total - impact.pages.length, 0);
  const revision = Math.max(0, ...impacts.map((impact) => impact.revision));
  return { revision, total: pages.size + unlisted, pages: [...pages.values()] };
}

/** Asks what the verb would change, post by post; nothing is changed by asking. */
export async function foresee(
  verb: "publish" | "unpublish" | "trash",
  posts: PostSummary[],
  progress: (done: number) => void,
): Promise<Impact> {
  const impacts: Impact[] = [];
  const waiting = [...posts];
  const ask = async () => {
    for (let post = waiting.shift(); post; post = waiting.shift()) {
      impacts.push(await impactOf(post.id, verb));
      progress(impacts.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return combined(impacts);
}

export type Undo = () => Promise<unknown>;

export interface Outcome {
  post: PostSummary;
  /** How to bring it back to where it was; null where that cannot be done exactly. */
  undo: Undo | null;
  problem: string;
}

async function treat(verb: Verb, post: PostSummary, tag: string): Promise<Undo | null> {
  const { id, version } = post;
  const wasLive = post.status === "published";
  switch (verb) {
    case "publish": {
      const now = (await publishPost(id, version)).post.version;
      return wasLive ? null : () => unpublishPost(id, now);
    }
    case "unpublish": {
      const now = (await unpublishPost(id, version)).post.version;
      if (post.has_changes) return null;
      return wasLive ? () => publishPost(id, now) : () => schedulePost(id, now, post.publish_at!);
    }
    case "trash": {
      await trashPost(id, version);
      return async () => {
        const now = (await restorePost(id)).version;
        if (wasLive && !post.has_changes) await publishPost(id, now);
        else if (post.publish_at) await schedulePost(id, now, post.publish_at);
      };
    }
    case "restore": {
      const now = (await restorePost(id)).version;
      return () => trashPost(id, now);
    }
    case "tag": {
      const tags = post.tags.map(({ name }) => name);
      const now = (await savePost(id, version, { tags: [...tags, tag] })).version;
      return () => savePost(id, now, { tags });
    }
  }
}

/** Does it post by post; one that fails is said, and the others go on. */
export async function carryOut(
  verb: Verb,
  posts: PostSummary[],
  tag: string,
  progress: (done: number) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const post of posts) {
    try {
      outcomes.push({ post, undo: await treat(verb, post, tag), problem: "" });
    } catch (error) {
      outcomes.push({ post, undo: null, problem: describeProblem(asApiError(error)) });
    }
    progress(outcomes.length);
  }
  return outcomes;
}

/** Undoes all that was done, the last first, and tells how many could not be. */
export async function undoAll(outcomes: Outcome[]): Promise<number> {
  let failed = 0;
  for (const { undo } of outcomes.toReversed()) await undo?.().catch(() => failed++);
  return failed;
}
