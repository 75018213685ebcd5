// Files on their way to the server, which tell how far they are.
import { API } from "./client";
import { unreachable } from "./errors";

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Sends a file as a form; `fetch` cannot tell how much of a body has been sent, XMLHttpRequest can. */
export const sendFile = <T>(
  method: "POST" | "PUT",
  path: string,
  file: File,
  progress: (share: number) => void,
  headers: Record<string, string> = {},
): Promise<{ data?: T; error?: unknown; response: Response }> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, `${API}${path}`);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      const wait = request.getResponseHeader("Retry-After");
      const response = new Response(null, { status: request.status, headers: wait ? { "Retry-After": wait } : {} });
      const body = parsed(request.responseText);
      resolve(response.ok ? { data: body as T, response } : { error: body, response });
    };
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
