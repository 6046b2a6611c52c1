// The price list: one price per instance type, by the type's natural key.
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

/**
 * @typedef {{ cloudType: string, region: string, resourceUid: string }} TypeKey the natural key of an InstanceType
 * @typedef {{ usd: number, priceRegion: string, asOf: string, source: string }} HourlyPrice
 */

/** @param {TypeKey} key */
const text = ({ cloudType, region, resourceUid }) => JSON.stringify([cloudType, region, resourceUid]);

/** Prices by instance type, as a CSV file lists them (README.md names its columns). */
export class PriceList {
  /** @type {Map<string, { key: TypeKey, price: HourlyPrice }>} */
  #prices = new Map();

  /**
   * @param {string | URL} file
   * @throws {Error} naming the line that can't be understood
   */
  constructor(file) {
    const rows = parse(readFileSync(file), { columns: true, info: true, skip_empty_lines: true });
    for (const { record, info } of rows) {
      const { cloud_type: cloudType, region, resource_uid: resourceUid, usd_per_hour: usd } = record;
      if (!cloudType || !region || !resourceUid || !/^\d+(\.\d+)?$/.test(usd))
        throw new Error(
          `${file}, line ${info.lines}: cloud_type, region, resource_uid and usd_per_hour (a number such as 0.0416) are needed.`,
        );
      const key = { cloudType, region, resourceUid };
      const price = {
        usd: Number(usd),
        priceRegion: record.price_region,
        asOf: record.as_of,
        source: record.source,
      };
      this.#prices.set(text(key), { key, price });
    }
  }

  /**
   * @param {TypeKey | null | undefined} key
   * @returns {HourlyPrice | null} null: no type, or one that is not listed
   */
  priceOf(key) {
    return key ? (this.#prices.get(text(key))?.price ?? null) : null;
  }

  /**
   * @param {string} cloudType
   * @param {string} region
   * @param {number} count
   * @returns {TypeKey[]} the cheapest first, of equal prices by name
   */
  cheapest(cloudType, region, count) {
    return [...this.#prices.values()]
      .filter(({ key }) => key.cloudType === cloudType && key.region === region)
      .sort((a, b) => a.price.usd - b.price.usd || a.key.resourceUid.localeCompare(b.key.resourceUid))
      .slice(0, count)
      .map(({ key }) => key);
  }
}
