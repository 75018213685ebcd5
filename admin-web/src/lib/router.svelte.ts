// The history router: the address bar is the only place that says which screen and which filters are shown.
import { BASE, changedQuery, matchRoute } from "./routes";

/** Asked before a screen is left; false keeps it. */
type Guard = () => boolean;

class Router {
  path = $state(location.pathname);
  search = $state(location.search);
  /** Grows with every real change of screen, not when a screen changes its own address. */
  visit = $state(0);
  route = $derived(matchRoute(this.path));
  query = $derived(new URLSearchParams(this.search));
  #guard: Guard | null = null;

  start(): () => void {
    const back = () => this.#show();
    addEventListener("popstate", back);
    document.addEventListener("click", this.#click);
    return () => {
      removeEventListener("popstate", back);
      document.removeEventListener("click", this.#click);
    };
  }

  go(url: string): void {
    if (this.#guard && !this.#guard()) return;
    history.pushState(null, "", url);
    this.#show();
  }

  replace(url: string): void {
    history.replaceState(null, "", url);
    this.#show();
  }

  /** Changes the address under the screen that is shown, which stays as it is. */
  adopt(url: string): void {
    history.replaceState(null, "", url);
    this.path = location.pathname;
    this.search = location.search;
  }

  setQuery(changes: Record<string, string | null>): void {
    this.adopt(this.path + changedQuery(this.search, changes));
  }

  guard(guard: Guard): () => void {
    this.#guard = guard;
    return () => (this.#guard = null);
  }

  #show(): void {
    this.path = location.pathname;
    this.search = location.search;
    this.visit++;
  }

  #click = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    const link = (event.target as Element).closest?.("a");
    if (!link || link.target || link.origin !== location.origin || !link.pathname.startsWith(`${BASE}/`)) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  };
}

export const router = new Router();
