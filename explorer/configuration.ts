/** One saved query, as the server puts it into the page. `variables` is JSON text, ready for the editor. */
export interface Example {
  readonly name: string;
  readonly description: string;
  readonly query: string;
  readonly variables?: string;
}

/** What the server tells the page. `demoToken` is present only where the service runs on demonstration data. */
export interface Configuration {
  readonly endpoint: string;
  readonly demoToken?: string;
  readonly examples: readonly Example[];
}

/** Reads the configuration that the server wrote into the page. */
export function readConfiguration(): Configuration {
  const element = document.getElementById('explorer-configuration');
  if (!element?.textContent)
    throw new Error('The page carries no configuration: it was not served by this service.');
  return JSON.parse(element.textContent) as Configuration;
}
