import type { ExampleQuery } from './explorer-examples';

/** File names of the assets that the page starts with, as the build wrote them. */
export interface ExplorerAssets {
  readonly script: string;
  readonly style: string;
  readonly icon: string;
}

/** What the server tells the page. */
export interface ExplorerConfiguration {
  /** Address of the GraphQL endpoint, as the browser sees it. */
  readonly endpoint: string;
  /** Token that the page uses until the reader enters another one. */
  readonly demoToken?: string;
  readonly examples: readonly ExampleQuery[];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON that cannot end the script element it stands in: no text in it can become markup. */
function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character] ?? character);
}

/** The HTML of the explorer page. Addresses are relative, so that the page also works under a path of a reverse proxy. */
export function renderExplorerPage(assets: ExplorerAssets, configuration: ExplorerConfiguration): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>mci-graph explorer</title>
    <link rel="icon" type="image/svg+xml" href="explorer/${assets.icon}">
    <link rel="stylesheet" href="explorer/${assets.style}">
    <script type="application/json" id="explorer-configuration">${jsonForScript(configuration)}</script>
    <script type="module" src="explorer/${assets.script}"></script>
  </head>
  <body>
    <div id="explorer"></div>
    <noscript>This page needs JavaScript. The API itself does not: send queries with POST.</noscript>
  </body>
</html>
`;
}
