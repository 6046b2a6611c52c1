declare module '*.css';

/** File names of the bundled web workers, put in place by the build (`scripts/build-explorer.mjs`). */
declare const WORKER_FILES: { readonly editor: string; readonly graphql: string; readonly json: string };
