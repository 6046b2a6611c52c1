import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import type { Child } from './child';
import { peakDuring } from './memory';

export interface CatalogImport {
  readonly rows: number;
  readonly bytes: number;
  /** From the first byte of the file to the answer, after the commit. */
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** Most resident memory of the service meanwhile. */
  readonly peakBytes: number;
}

const REGIONS = 10;

/**
 * Uploads a CSV listing of new public images into the service.
 *
 * @param part tells its regions from those of other listings
 * @throws Error when not every row was created
 */
export async function importListing(
  service: Child,
  token: string,
  rows: number,
  part: string,
): Promise<CatalogImport> {
  const folder = await mkdtemp(join(tmpdir(), 'mci-graph-listing-'));
  try {
    const file = join(folder, 'listing.csv');
    await pipeline(Readable.from(lines(rows, part)), createWriteStream(file));
    const { size: bytes } = await stat(file);
    const start = performance.now();
    const { result: report, peakBytes } = await peakDuring(service.pid, () => upload(service, token, file));
    const seconds = (performance.now() - start) / 1000;
    if (report.created !== rows)
      throw new Error(`Of ${rows} rows ${report.created} were imported: ${JSON.stringify(report)}`);
    return { rows, bytes, seconds, rowsPerSecond: rows / seconds, peakBytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function* lines(rows: number, part: string): Generator<string> {
  yield 'record,cloud_type,region,resource_uid,name,description,cpu_architecture,operating_system,fingerprint,published_at,public\n';
  for (let row = 0; row < rows; row++)
    yield `image,openstack,${part}-${row % REGIONS},image-${row},debian-12-${row}-x86_64,Build ${row} for bench,x86_64,Debian 12,${part}-${row},2026-01-01T00:00:00Z,true\n`;
}

/** As `curl --data-binary @FILE` does. */
function upload(service: Child, token: string, file: string): Promise<{ created: number }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${service.url}/catalog/imports?format=CSV&source=bench`,
      { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' } },
      (response) => {
        text(response).then((answer) => {
          if (response.statusCode === 200) resolve(JSON.parse(answer) as { created: number });
          else reject(new Error(`The listing was refused (${response.statusCode}): ${answer}`));
        }, reject);
      },
    );
    pipeline(createReadStream(file), sent).catch(reject);
  });
}
