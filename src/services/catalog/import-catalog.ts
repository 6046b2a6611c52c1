import type { Listing, ReadOptions } from '../../domain/catalog/catalog-row';
import { cloudName } from '../../domain/catalog/cloud-name';
import { RefusedRows, type ImportReport } from '../../domain/catalog/import-report';
import {
  listedAgain,
  withdrawsNothing,
  publicCatalogProblem,
  sourceOfNothing,
  sourceOfOtherFormat,
} from '../../domain/catalog/import-rules';
import { cloudOfListing, coversWholeSource } from '../../domain/catalog/listing-extent';
import { DomainError } from '../../domain/errors';
import { assertName } from '../../domain/text';
import { recordAudit } from '../../persistence/access/audit-store';
import {
  insertListedImages,
  lockListedImages,
  settleUnlistedImages,
  updateListedImages,
} from '../../persistence/catalog/catalog-image-merge-store';
import {
  insertListedInstanceTypes,
  settleUnlistedInstanceTypes,
  updateListedInstanceTypes,
} from '../../persistence/catalog/catalog-instance-type-merge-store';
import {
  analyzeGrownTables,
  LISTED_IMAGES,
  LISTED_INSTANCE_TYPES,
  recordListings,
  recordUnlisted,
  resolveThings,
} from '../../persistence/catalog/catalog-listing-store';
import {
  lockCatalog,
  openSources,
  recordCoverage,
  resolvePlaces,
  stagePlaces,
  timeOfUndatedListing,
  type CatalogImport,
} from '../../persistence/catalog/catalog-source-store';
import {
  closeStaging,
  openStaging,
  removeRepeatedRows,
  stageRows,
  type StagedRow,
} from '../../persistence/catalog/catalog-staging-store';
import { insertClouds, placesWithoutCloud } from '../../persistence/catalog/cloud-store';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';

export interface ImportCatalogInput {
  /** From `readListing`. It is read once, here. */
  readonly listing: Listing;
  /** With what `listing` was read. */
  readonly read: ReadOptions;
  /** The source of all rows; by default each row's own. */
  readonly source?: string | null;
  /** Whether what the source doesn't list any more is withdrawn. */
  readonly complete?: boolean | null;
  /** Reports what would be done, and does nothing. */
  readonly dryRun?: boolean | null;
  /** Told now and then how many rows have been read. */
  readonly onProgress?: (rowsRead: number) => void;
}

/** So many rows are between two reports of progress. */
const PROGRESS_ROWS = 1000;

/** Carries the report out of a dry run's transaction, which it ends. */
class DryRunDone extends Error {
  constructor(readonly report: ImportReport) {
    super('A dry run ends without a commit.');
  }
}

/**
 * Imports a listing into the public catalog (an operator) or into the private one of the caller's account (R-2.3,
 * However long the file, its rows go through a staging table, and one merge of a handful of statements.
 *
 * @throws DomainError INVALID if the file as a whole is refused; then nothing is changed.
 */
export async function importCatalog(
  context: ActionContext,
  input: ImportCatalogInput,
): Promise<ImportReport> {
  if (input.source != null) assertName(input.source, 'input', 'source');
  try {
    let started = false;
    return await unitOfWork(context, (tx) => {
      if (started)
        throw new Error('Another transaction got in the way, and a listing is read only once: import again.');
      started = true;
      return input.dryRun ? rehearse(tx, input) : importInto(tx, input);
    });
  } catch (error) {
    throw error instanceof DomainError ? atInput(error) : error;
  }
}

/** A savepoint, so that it can be undone also within a larger transaction. */
async function rehearse(tx: Transaction, input: ImportCatalogInput): Promise<ImportReport> {
  try {
    return await tx.manager.transaction(async (manager) => {
      throw new DryRunDone(await importInto({ ...tx, manager }, input));
    });
  } catch (error) {
    if (error instanceof DryRunDone) return error.report;
    throw error;
  }
}

/** Readers name the field that they need; here it is one of the input. */
function atInput(error: DomainError): DomainError {
  const { path, ...details } = error.details;
  if (path === undefined || path[0] === 'input') return error;
  return new DomainError(error.code, error.message, { ...details, path: ['input', ...path] });
}

async function importInto(tx: Transaction, input: ImportCatalogInput): Promise<ImportReport> {
  const refused = new RefusedRows();
  await openStaging(tx.manager);
  const { rowsRead, readable } = await stageListing(tx, input, refused);
  if (rowsRead === 0 && input.complete && input.source == null) throw sourceOfNothing();
  for (const { position, label, takenLabel } of await repeatedRows(tx, refused))
    refused.add(position, label, listedAgain(takenLabel));
  const merged = await merge(tx, input, (input.complete ?? false) && readable);
  await closeStaging(tx.manager);

  const { created, updated, withdrawn, redirected, historyChanged, cloudsCreated, sources } = merged;
  const unchanged = rowsRead - created - updated - refused.count;
  const counts = { created, updated, unchanged, withdrawn, refusedCount: refused.count };
  if (created + updated + withdrawn + redirected + historyChanged + cloudsCreated.length > 0)
    await recordAudit(tx, {
      action: 'catalog.import',
      objectType: 'CatalogImportReport',
      objectId: null,
      changes: { ...counts, historyChanged, sources, cloudsCreated },
    });
  return { ...counts, refused: refused.inOrder(), cloudsCreated, sources };
}

/** What is known of a listing once it has been read. */
interface ListingRead {
  rowsRead: number;
  /** Whether it is known of each row what it lists. */
  readable: boolean;
}

async function stageListing(
  tx: Transaction,
  input: ImportCatalogInput,
  refused: RefusedRows,
): Promise<Readonly<ListingRead>> {
  const read = { rowsRead: 0, readable: true };
  await stageRows(tx.manager, rowsToStage(tx, input, refused, read));
  input.onProgress?.(read.rowsRead);
  return read;
}

/** Reads the listing to its end, and tells meanwhile what was read and refused. */
async function* rowsToStage(
  { principal }: Transaction,
  { listing, source, complete, onProgress }: ImportCatalogInput,
  refused: RefusedRows,
  read: ListingRead,
): AsyncGenerator<StagedRow> {
  for await (const row of listing.rows) {
    const position = (read.rowsRead += 1);
    if (row.kind === 'REFUSED') {
      const unreadable = row.resourceUids === null;
      if (unreadable) read.readable = false;
      refused.add(position, row.row, unreadable && complete ? withdrawsNothing(row.reason) : row.reason);
      for (const resourceUid of row.resourceUids ?? [])
        yield { position, source: null, listed: { kind: 'REFUSED', resourceUid } };
    } else {
      const problem = principal.operator ? publicCatalogProblem(row) : null;
      if (problem !== null) refused.add(position, row.row, problem);
      else yield { position, source: source ?? row.source, listed: row };
    }
    if (position % PROGRESS_ROWS === 0) onProgress?.(position);
  }
}

async function repeatedRows(tx: Transaction, refused: RefusedRows) {
  const repeated = await removeRepeatedRows(tx.manager);
  refused.addUnshown((repeated[0]?.total ?? 0) - repeated.length);
  return repeated;
}

async function merge(
  tx: Transaction,
  { listing, read, source = null }: ImportCatalogInput,
  complete: boolean,
) {
  const { manager, now } = tx;
  const ownerAccountId = tx.principal.operator ? null : tx.principal.accountId;
  await lockCatalog(manager, ownerAccountId);

  await stagePlaces(manager);
  const sources = await openSources(manager, ownerAccountId, read.format, source, now);
  const other = sources.find(({ format }) => format !== read.format);
  if (other !== undefined) throw sourceOfOtherFormat(other.name, other.format, read.format);
  const sourceIds = sources.map(({ id }) => id);
  const listedAt = listing.facts.listedAt ?? (await timeOfUndatedListing(manager, sourceIds, now));
  const wholeSource = coversWholeSource(read.format);
  const { nature } = listing.facts;
  const run: CatalogImport = {
    ownerAccountId,
    sourceIds,
    format: read.format,
    listedAt,
    dated: listing.facts.listedAt !== null,
    nature,
    wholeSource,
    now,
  };

  const cloudsCreated = await createClouds(tx, ownerAccountId);
  const covered = complete && source !== null ? cloudOfListing(read) : null;
  await resolvePlaces(manager, run, covered && source !== null ? { ...covered, source } : null);

  await analyzeGrownTables(manager);
  await resolveThings(manager, LISTED_IMAGES, run);
  await resolveThings(manager, LISTED_INSTANCE_TYPES, run);
  const createdImages = await insertListedImages(manager, run);
  const createdTypes = await insertListedInstanceTypes(manager, run);
  await lockListedImages(manager, run, complete);
  const updatedImages = await updateListedImages(manager, run);
  const updatedTypes = await updateListedInstanceTypes(manager, run);

  let historyChanged = 0;
  for (const kind of [LISTED_IMAGES, LISTED_INSTANCE_TYPES]) {
    historyChanged += await recordListings(manager, kind, run);
    if (complete) historyChanged += await recordUnlisted(manager, kind, run);
  }
  await recordCoverage(manager, run, complete);
  const { withdrawn, redirected } = await settleUnlistedImages(manager, run);
  const withdrawnTypes = await settleUnlistedInstanceTypes(manager, run);

  return {
    created: createdImages + createdTypes,
    updated: updatedImages + updatedTypes,
    withdrawn: withdrawn + withdrawnTypes,
    redirected,
    historyChanged,
    cloudsCreated,
    sources: sources.map(({ name }) => name),
  };
}

/** Clouds appear by themselves from the regions of listings. */
async function createClouds(tx: Transaction, accountId: string | null): Promise<string[]> {
  const places = await placesWithoutCloud(tx.manager, accountId);
  return insertClouds(
    tx.manager,
    places.map(({ cloudType, region }) => {
      const name = cloudName(cloudType, region);
      return { accountId, cloudType, region, name, displayName: name, description: null, createdAt: tx.now };
    }),
  );
}
