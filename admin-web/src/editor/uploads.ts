// Images on their way to the server, by the mark that their place in the document carries.
import type { Editor } from "@tiptap/core";
import { asApiError } from "../api/errors";
import { uploadFile } from "../api/media";

export interface Upload {
  file: File;
  share: number;
  problem: string;
}

const LIMIT = "Choose a smaller image, or scale this one down.";

function explain(error: unknown): string {
  const problem = asApiError(error);
  if (problem.offline) return "The server could not be reached. The image is still here.";
  if (problem.status === 413) return `This image is too large. ${LIMIT}`;
  if (problem.status === 415) return "This kind of file cannot be used. JPEG, PNG, WebP, AVIF, GIF and SVG can.";
  return problem.message;
}

class Uploads {
  #running = new Map<string, Upload & { place: (url: string | null) => void }>();
  #listeners = new Set<() => void>();

  get(id: string): Upload | undefined {
    return this.#running.get(id);
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Puts the image into the document at once and replaces it by its address when it has arrived. */
  insert(editor: Editor, file: File, at: number | null): void {
    const id = crypto.randomUUID();
    const preview = URL.createObjectURL(file);
    const figure = { type: "figure", attrs: { src: preview, alt: "", uploading: id } };
    const place = (url: string | null) => {
      if (editor.isDestroyed || !url) return;
      editor.state.doc.descendants((node, position) => {
        if (node.attrs.uploading === id)
          editor.view.dispatch(
            editor.state.tr
              .setNodeMarkup(position, undefined, { ...node.attrs, src: url, uploading: null })
              .setMeta("addToHistory", false),
          );
      });
      URL.revokeObjectURL(preview);
    };
    this.#running.set(id, { file, share: 0, problem: "", place });
    if (at === null) editor.chain().focus().insertContent(figure).run();
    else editor.chain().insertContentAt(at, figure).run();
    void this.#send(id);
  }

  retry(id: string): void {
    void this.#send(id);
  }

  async #send(id: string): Promise<void> {
    const upload = this.#running.get(id);
    if (!upload) return;
    upload.problem = "";
    upload.share = 0;
    this.#tell();
    try {
      const media = await uploadFile(upload.file, (share) => {
        upload.share = share;
        this.#tell();
      });
      upload.place(media.url);
      this.#running.delete(id);
    } catch (error) {
      upload.problem = explain(error);
    }
    this.#tell();
  }

  #tell(): void {
    this.#listeners.forEach((listener) => listener());
  }
}

export const uploads = new Uploads();

export const imagesIn = (list: FileList | null | undefined): File[] =>
  [...(list ?? [])].filter((file) => file.type.startsWith("image/"));
