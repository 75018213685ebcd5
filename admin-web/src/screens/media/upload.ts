// Files on their way into the library, one after the other.
import { asApiError } from "../../api/errors";
import { uploadFile } from "../../api/media";
import { describeProblem } from "../../lib/messages";
import { notices } from "../../lib/notices.svelte";
import { mediaWords as w } from "./messages";

export interface Sending {
  name: string;
  /** How much has been sent, 0 to 1. */
  share: number;
}

/** Sends them all; one that is refused is said, and the others go on. `watch` is told of those that are not done. */
export async function uploadAll(files: File[], watch: (sending: Sending[]) => void): Promise<void> {
  let waiting: Sending[] = files.map(({ name }) => ({ name, share: 0 }));
  watch(waiting);
  for (const file of files) {
    try {
      await uploadFile(file, (share) => {
        waiting = waiting.map((one, at) => (at === 0 ? { ...one, share } : one));
        watch(waiting);
      });
      notices.show(w.uploaded(file.name));
    } catch (error) {
      notices.problem(w.failed(file.name, describeProblem(asApiError(error))));
    }
    waiting = waiting.slice(1);
    watch(waiting);
  }
}
