const KEY = 'mci-graph:token';

/** The bearer token is kept for this browser tab only: sessionStorage ends with the tab and is not shared with others. */
export const tokenStore = {
  read: (): string | null => sessionStorage.getItem(KEY),
  write: (token: string): void => sessionStorage.setItem(KEY, token),
  clear: (): void => sessionStorage.removeItem(KEY),
};
