// The media library, and uploads that tell how far they are.
import { answer, API, client } from "./client";
import { unreachable } from "./errors";
import type { Media } from "./types";

export const listMedia = ({ q = "", cursor = "" }) =>
  answer(() => client.GET("/media", { params: { query: { limit: 100, ...(q && { q }), ...(cursor && { cursor }) } } }));

export const mediaUsage = (id: string) => answer(() => client.GET("/media/{id}/usage", { params: { path: { id } } }));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

// `fetch` cannot tell how much of a body has been sent, XMLHttpRequest can.
const send = (
  file: File,
  progress: (share: number) => void,
): Promise<{ data?: Media; error?: unknown; response: Response }> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${API}/media`);
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      const wait = request.getResponseHeader("Retry-After");
      const response = new Response(null, { status: request.status, headers: wait ? { "Retry-After": wait } : {} });
      const body = parsed(request.responseText);
      resolve(response.ok ? { data: body as Media, response } : { error: body, response });
    };
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });

export const uploadFile = (file: File, progress: (share: number) => void = () => {}): Promise<Media> =>
  answer(() => send(file, progress));
