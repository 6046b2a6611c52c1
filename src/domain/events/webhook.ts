import { DomainError, invalid } from '../errors';
import { assertDescription } from '../text';
import { assertListLength, MAXIMUM_LIST_LENGTH } from '../versioning/component-input';
import { checkWebhookUrl } from './webhook-url';

/** What a webhook can be told of. */
export type WebhookEvent = 'COMPONENT' | 'PUBLICATION' | 'INSTANCE' | 'IMPORT_UPDATE';

/** What became of a delivery: it is to be sent, was sent, or was given up. */
export type DeliveryState = 'PENDING' | 'DELIVERED' | 'DEAD';

/** An account has no more of them: each is told of the same events again. */
export const MAXIMUM_WEBHOOKS = 20;

/** One call replays no more than these. */
export const MAXIMUM_REPLAYED = 1000;

/** What a webhook is told, and where. */
export interface WebhookFields {
  readonly url: string;
  readonly description: string | null;
  readonly events: readonly WebhookEvent[];
  readonly lineageIds: readonly string[];
  readonly active: boolean;
}

export interface NewWebhook {
  readonly url: string;
  readonly description?: string | null;
  readonly events: readonly WebhookEvent[];
  readonly lineageIds?: readonly string[] | null;
}

/** What changes; left out: unchanged. */
export interface WebhookUpdate {
  readonly url?: string | null;
  /** `null` clears it. */
  readonly description?: string | null;
  readonly events?: readonly WebhookEvent[] | null;
  readonly lineageIds?: readonly string[] | null;
  readonly active?: boolean | null;
}

/**
 * @param privateAllowed whether webhooks may go over plain HTTP and to private addresses
 * @throws DomainError INVALID or LIMIT_EXCEEDED, naming the field
 */
export function checkNewWebhook(input: NewWebhook, privateAllowed: boolean): WebhookFields {
  const { url, description = null, events, lineageIds } = input;
  assertDescription(description, 'input', 'description');
  return {
    url: checkWebhookUrl(url, privateAllowed, 'input', 'url'),
    description,
    events: checkEvents(events),
    lineageIds: checkLineages(lineageIds ?? []),
    active: true,
  };
}

/**
 * The fields that an update really changes.
 *
 * @throws DomainError INVALID or LIMIT_EXCEEDED, naming the field
 */
export function planWebhookUpdate(
  current: WebhookFields,
  update: WebhookUpdate,
  privateAllowed: boolean,
): Partial<WebhookFields> {
  const { url, description, events, lineageIds, active } = update;
  for (const [field, value] of Object.entries({ url, events, lineageIds, active }))
    if (value === null)
      throw invalid(`\`${field}\` can not be null: leave it out to keep it.`, 'input', field);
  assertDescription(description, 'input', 'description');
  const wanted: WebhookFields = {
    url: url == null ? current.url : checkWebhookUrl(url, privateAllowed, 'input', 'url'),
    description: description === undefined ? current.description : description,
    events: events == null ? current.events : checkEvents(events),
    lineageIds: lineageIds == null ? current.lineageIds : checkLineages(lineageIds),
    active: active ?? current.active,
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(current[field as keyof WebhookFields]),
    ),
  );
}

function checkEvents(events: readonly WebhookEvent[]): WebhookEvent[] {
  if (events.length === 0)
    throw invalid('`events` is empty: name what the webhook is to be told of.', 'input', 'events');
  return [...new Set(events)];
}

function checkLineages(lineageIds: readonly string[]): string[] {
  assertListLength(lineageIds, MAXIMUM_LIST_LENGTH, 'input', 'lineageIds');
  return [...new Set(lineageIds)];
}

/** Only who saw its present version may edit a webhook. @throws DomainError STALE */
export function assertCurrentWebhook(
  { version }: { readonly version: number },
  expectedVersion: number,
): void {
  if (version !== expectedVersion)
    throw new DomainError(
      'STALE',
      `The webhook is at version ${version}, but \`expectedVersion\` is ${expectedVersion}: it was changed since. ` +
        'Read it again, and repeat the edit with the version that you then see.',
      { path: ['input', 'expectedVersion'], currentVersion: version },
    );
}

/** @throws DomainError LIMIT_EXCEEDED */
export function assertRoomForWebhook(existing: number): void {
  if (existing >= MAXIMUM_WEBHOOKS)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `The account has ${existing} webhooks; at most ${MAXIMUM_WEBHOOKS} are allowed: delete one, or change one.`,
      { path: ['input'] },
    );
}
