import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { PATIENCE } from './explorer-page';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function pathOfChromium(): string {
  const { CHROMIUM_PATH: given } = process.env;
  const found = given ? [given].find(existsSync) : USUAL_PLACES.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    `There is no Chromium at ${given ?? USUAL_PLACES.join(', ')}. ` +
      'Install one (Debian: apt-get install chromium), or name its program in CHROMIUM_PATH.',
  );
}

/** A headless browser with a profile of its own. It works as root, too, and finds no host but this machine. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: pathOfChromium(),
    headless: true,
    timeout: PATIENCE,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-proxy-server',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}
