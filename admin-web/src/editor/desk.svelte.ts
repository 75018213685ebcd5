// The post on the writer's desk: its draft, the one ordered queue of saves, and the copy kept on this device.
import { flushSync } from "svelte";
import { asApiError, type ApiError } from "../api/errors";
import { createPost, getPost, keepRevision, restoreRevision, savePost } from "../api/posts";
import type { Kind, Post } from "../api/types";
import { moment } from "../lib/format";
import { describeProblem, m } from "../lib/messages";
import { notices } from "../lib/notices.svelte";
import { router } from "../lib/router.svelte";
import { to } from "../lib/routes";
import { idle, isDirty, nextTick, step, type Autosave, type Event } from "./autosave";
import { conflictOf, together, type Conflict, type Picks } from "./conflict";
import {
  difference,
  draftOf,
  emptyDraft,
  followingSlug,
  forget,
  keep,
  kept,
  patchOf,
  settle,
  type Draft,
  type Kept,
} from "./draft";
import { saveWords } from "./messages";

const KEEP_MS = 400;
const SLUG_TRIES = 9;

export class Desk {
  post = $state.raw<Post | null>(null);
  draft = $state<Draft>(emptyDraft());
  saving = $state.raw<Autosave>(idle());
  /** What somebody else saved meanwhile, while the two do not fit together. */
  theirs = $state.raw<Post | null>(null);
  problem = $state.raw<ApiError | null>(null);
  errors = $state.raw<Record<string, string>>({});
  ready = $state(false);
  restored = $state(false);
  /** Grows when the text was replaced from outside, so that the views load it again. */
  edition = $state(0);
  /** The text as it stands in the view; set by the view that is open. */
  collect: (() => string) | null = null;

  #baseline: Draft = emptyDraft();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #keepTimer: ReturnType<typeof setTimeout> | null = null;
  #current: Promise<void> | null = null;
  #closed = false;

  constructor(readonly kind: Kind) {}

  get id(): string | null {
    return this.post?.id ?? null;
  }

  get dirty(): boolean {
    return isDirty(this.saving);
  }

  async open(id: string | null): Promise<void> {
    this.problem = null;
    try {
      if (id) this.#show(await getPost(id));
      const copy = kept(localStorage, id);
      if (copy) this.#restore(copy);
      this.ready = true;
    } catch (error) {
      this.problem = asApiError(error);
    }
  }

  #show(post: Post): void {
    this.post = post;
    this.#baseline = draftOf(post);
    this.draft = draftOf(post);
    this.edition++;
  }

  #restore({ draft, version, base }: Kept): void {
    if (!Object.keys(difference(this.#baseline, draft)).length) return forget(localStorage, this.id);
    this.draft = draft;
    this.edition++;
    this.restored = true;
    this.#dispatch({ type: "changed" });
    if (!this.post || version === this.post.version) return;
    this.#baseline = base;
    this.#conflicted(this.post);
  }

  /** Something was typed or set. */
  changed(): void {
    this.#dispatch({ type: "changed" });
    this.#keepTimer ??= setTimeout(() => this.#keepNow(), KEEP_MS);
  }

  set<K extends keyof Draft>(field: K, value: Draft[K]): void {
    this.draft[field] = value;
    if (this.errors[field]) this.errors = { ...this.errors, [field]: "" };
    this.changed();
  }

  save(): void {
    this.#dispatch({ type: "save" });
  }

  online(): void {
    this.#dispatch({ type: "online" });
  }

  /** Saves until nothing waits; false when that did not succeed. */
  async flush(): Promise<boolean> {
    for (let tries = 0; tries < 5; tries++) {
      if (!this.dirty && this.post) return true;
      if (!this.saving.sending) this.save();
      await this.#current;
      if (["conflict", "failed", "offline"].includes(this.saving.phase)) return false;
    }
    return !this.dirty;
  }

  /** Saves, and keeps what was saved as a version that one can come back to. */
  async saveVersion(): Promise<void> {
    if (!(await this.flush()) || !this.post) return;
    try {
      await keepRevision(this.post.id, this.post.version);
      notices.say(saveWords.versionKept);
    } catch (error) {
      notices.problem(describeProblem(asApiError(error)));
    }
  }

  /** Shows an older version again. What stands here now is kept as a version by the server, so it can be undone. */
  async goBack(version: number, when: string): Promise<void> {
    if (!(await this.flush()) || !this.post) return;
    const before = this.post;
    this.#show(await restoreRevision(before.id, version, before.version));
    notices.show(saveWords.wentBack(when), {
      label: m.common.undo,
      run: () => {
        this.goBack(before.version, moment(before.updated_at)).catch((error) =>
          notices.problem(describeProblem(asApiError(error))),
        );
      },
    });
  }

  /** After a verb such as publish: the post as the server has it now. */
  adopt(post: Post): void {
    this.post = post;
    const answer = draftOf(post);
    this.draft = settle(this.draft, this.#baseline, answer);
    this.#baseline = { ...answer, markdown: this.#baseline.markdown, title: this.#baseline.title };
  }

  /** Where what they saved and what stands here do not fit together. */
  conflict(): Conflict | null {
    return this.theirs && conflictOf(this.#baseline, this.#take(), draftOf(this.theirs));
  }

  /** What was picked stands where both changed something; what only one changed is there. Theirs is kept as a version first. */
  async decide(picks?: Picks): Promise<void> {
    const { theirs } = this;
    if (!theirs) return;
    await keepRevision(theirs.id, theirs.version).catch(() => {}); // Whoever has changed it since has kept it in their window.
    if (this.theirs !== theirs) return;
    this.#takeIn(theirs, picks);
    this.theirs = null;
    this.#dispatch({ type: "resolved" });
  }

  /** Another text in place of the one that stands here. */
  write(markdown: string): void {
    this.draft.markdown = markdown;
    this.edition++;
    // What is saved next is read from the view, so it must show the new text by then.
    flushSync();
    this.changed();
  }

  takeTheirs(): void {
    if (!this.theirs) return;
    const mine = this.#take();
    this.#show(this.theirs);
    this.theirs = null;
    this.#dispatch({ type: "replaced" });
    forget(localStorage, this.id);
    notices.show(saveWords.tookTheirs, {
      label: saveWords.backToMine,
      run: () => {
        this.draft = mine;
        this.edition++;
        this.changed();
      },
    });
  }

  /** Forgets what this device kept and shows what the server has. */
  dropRestored(): void {
    this.restored = false;
    this.#dispatch({ type: "replaced" });
    forget(localStorage, this.id);
    if (this.post) this.#show(this.post);
    else {
      this.draft = emptyDraft();
      this.edition++;
    }
  }

  close(): void {
    this.#keepNow();
    if (this.saving.phase === "unsaved" || this.saving.phase === "failed") this.save();
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  keepNow(): void {
    this.#keepNow();
  }

  #take(): Draft {
    if (this.collect) this.draft.markdown = this.collect();
    return $state.snapshot(this.draft);
  }

  #keepNow(): void {
    if (this.#keepTimer) clearTimeout(this.#keepTimer);
    this.#keepTimer = null;
    if (this.#closed || !this.dirty) return;
    const stored = keep(localStorage, this.id, {
      version: this.post?.version ?? 0,
      draft: this.#take(),
      base: this.#baseline,
      at: Date.now(),
    });
    if (!stored) notices.problem(saveWords.noRoom);
  }

  #dispatch(event: Event): void {
    const { state, save } = step(this.saving, event, Date.now());
    this.saving = state;
    if (save) this.#current = this.#send();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const wait = this.#closed ? null : nextTick(state, Date.now());
    if (wait !== null) this.#timer = setTimeout(() => this.#dispatch({ type: "tick" }), wait);
  }

  async #send(): Promise<void> {
    const sent = this.#take();
    const changes = difference(this.#baseline, sent);
    try {
      if (!this.post) await this.#create(sent);
      else if (Object.keys(changes).length) this.#arrived(await this.#patch(this.post, changes, sent), sent);
      this.#dispatch({ type: "saved" });
      if (!this.dirty) forget(localStorage, this.id);
    } catch (error) {
      this.#refused(asApiError(error));
    }
  }

  /** Saves the changes; a slug that follows the title gets a number when another post has it. */
  async #patch(post: Post, changes: Partial<Draft>, sent: Draft): Promise<Post> {
    const slug = followingSlug(post, this.#baseline, sent);
    for (let number = 1; slug && number <= SLUG_TRIES; number++)
      try {
        const free = number === 1 ? slug : `${slug}-${number}`;
        return await savePost(post.id, post.version, { ...patchOf(changes), slug: free });
      } catch (error) {
        if (asApiError(error).code !== "slug_taken") throw error;
      }
    return savePost(post.id, post.version, patchOf(changes));
  }

  async #create(sent: Draft): Promise<void> {
    const post = await createPost({ kind: this.kind, ...patchOf(difference(emptyDraft(), sent)) });
    forget(localStorage, null);
    this.#arrived(post, sent);
    if (!this.#closed) router.adopt(to.edit(this.kind, post.id));
  }

  #arrived(post: Post, sent: Draft): void {
    const answer = draftOf(post);
    this.post = post;
    this.draft = settle(this.draft, sent, answer);
    this.#baseline = { ...answer, markdown: sent.markdown, title: sent.title };
    this.errors = {};
    this.restored = false;
  }

  #refused(problem: ApiError): void {
    if (problem.status === 412 && problem.current) return this.#conflicted(problem.current as Post);
    if (problem.passing) return this.#dispatch({ type: "unreachable" });
    this.errors = problem.fields;
    this.#dispatch({ type: "refused", reason: problem.status === 404 ? saveWords.gone : problem.message });
    this.#keepNow();
  }

  /** Changes that do not touch each other go together without asking: field by field, and block by block. */
  #conflicted(theirs: Post): void {
    const apart = conflictOf(this.#baseline, this.#take(), draftOf(theirs));
    this.#dispatch({ type: "conflicted" });
    if (apart) {
      this.theirs = theirs;
      this.#keepNow();
      return;
    }
    this.#takeIn(theirs);
    notices.show(saveWords.merged);
    this.#dispatch({ type: "resolved" });
  }

  /** Builds on their version: fields and blocks that only they changed are theirs. */
  #takeIn(theirs: Post, picks?: Picks): void {
    const mine = this.#take();
    const next = together(this.#baseline, mine, draftOf(theirs), picks);
    this.draft = next;
    this.post = theirs;
    this.#baseline = draftOf(theirs);
    if (next.markdown === mine.markdown) return;
    this.edition++;
    flushSync(); // As in `write`.
  }
}
