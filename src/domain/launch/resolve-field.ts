import type { SubjectReference } from '../advisories/advisory';
import { capitalize } from '../advisories/naming';
import type { ConfigurationSource, LaunchField } from './configuration';
import type { ResolutionStep, Sourced } from './resolution';

/** A source that decides a field, unless a stronger one does. */
export interface OfferingLevel<Value> {
  readonly source: ConfigurationSource;
  /** Who decides on this level, as the subject of a sentence, in lower case. */
  readonly speaker: string;
  /** `null`: explicitly none. */
  readonly offer: Value | null;
  /** The sentence, without its full stop, in which this level offers what is named. */
  readonly claim: (name: string) => string;
}

/** A source that has nothing for a field. */
export interface SilentLevel {
  readonly source: ConfigurationSource;
  /** The sentence that says so. */
  readonly silence: string;
}

export type Level<Value> = OfferingLevel<Value> | SilentLevel;

/** How one field's values are spoken of. */
export interface FieldWords<Value> {
  readonly field: LaunchField;
  /** With its article, in lower case: "the kernel image". */
  readonly noun: string;
  readonly name: (value: Value) => string;
  readonly reference: (value: Value) => SubjectReference | null;
}

export interface FieldResolution<Value> {
  /** `null`: no level decides, or the one that does decides for none. */
  readonly decided: Sourced<Value> | null;
  /** One for each level, in their order. */
  readonly steps: readonly ResolutionStep[];
}

/** Lets the first level that offers anything decide, and explains every level. */
export function resolveField<Value>(
  words: FieldWords<Value>,
  levels: readonly Level<Value>[],
): FieldResolution<Value> {
  const steps: ResolutionStep[] = [];
  let decider: OfferingLevel<Value> | null = null;
  for (const level of levels) {
    steps.push('silence' in level ? silent(words, level) : offered(words, level, decider));
    if (decider === null && !('silence' in level)) decider = level;
  }
  const value = decider?.offer ?? null;
  return { decided: decider && value !== null ? { value, source: decider.source } : null, steps };
}

function silent<Value>({ field }: FieldWords<Value>, { source, silence }: SilentLevel): ResolutionStep {
  return { field, source, outcome: 'ABSENT', reason: silence, candidate: null };
}

/** @param decider the stronger level that decides; `null`: this one does */
function offered<Value>(
  { field, noun, name, reference }: FieldWords<Value>,
  { source, speaker, offer, claim }: OfferingLevel<Value>,
  decider: OfferingLevel<Value> | null,
): ResolutionStep {
  const statement =
    offer === null ? `${capitalize(speaker)} explicitly sets ${noun} to none` : claim(name(offer));
  return {
    field,
    source,
    outcome: decider ? 'PASSED_OVER' : 'CHOSEN',
    reason: decider ? `${statement}, but ${decider.speaker} decides.` : `${statement}.`,
    candidate: offer === null ? null : reference(offer),
  };
}
