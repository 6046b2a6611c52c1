import { DomainError, invalid } from '../errors';
import type { ScriptPhase } from './component-content';

export const MAXIMUM_SCRIPTS = 100;

/** A version of a RightScript, and the lineage that it belongs to. */
export interface ScriptVersion {
  readonly lineageId: string;
  readonly rightScriptId: string;
}

/** What a ServerTemplate runs in one phase, in this order. */
export interface PhaseScripts {
  readonly phase: ScriptPhase;
  readonly scripts: readonly ScriptVersion[];
}

/**
 * a lineage at most once per phase, 100 in all.
 *
 * @param position place of the new script, from 0; `null`: behind the others
 * @throws DomainError INVALID or LIMIT_EXCEEDED
 */
export function planAttachScript(
  { phase, scripts }: PhaseScripts,
  added: ScriptVersion,
  position: number | null,
): PhaseScripts {
  if (scripts.some(({ lineageId }) => lineageId === added.lineageId))
    throw invalid(
      `The ServerTemplate attaches a version of this RightScript in the phase ${phase} already: ` +
        'use `repinScript` to change the version, or `moveScript` to change its place.',
      'input',
      'rightScriptId',
    );
  if (scripts.length >= MAXIMUM_SCRIPTS)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `A ServerTemplate attaches at most ${MAXIMUM_SCRIPTS} RightScripts per phase; ${phase} is full: detach one first.`,
      { path: ['input', 'phase'] },
    );
  if (position !== null) assertPosition(position, scripts.length);
  return { phase, scripts: scripts.toSpliced(position ?? scripts.length, 0, added) };
}

/**
 * Gives a script another place; the order of the others stays.
 *
 * @param position its new place, from 0
 * @throws DomainError NOT_FOUND or INVALID
 */
export function planMoveScript(current: PhaseScripts, rightScriptId: string, position: number): PhaseScripts {
  const moved = scriptOf(current, rightScriptId, 'rightScriptId');
  assertPosition(position, current.scripts.length - 1);
  const others = current.scripts.filter((script) => script !== moved);
  return { ...current, scripts: others.toSpliced(position, 0, moved) };
}

/** @throws DomainError NOT_FOUND */
export function planDetachScript(current: PhaseScripts, rightScriptId: string): PhaseScripts {
  const detached = scriptOf(current, rightScriptId, 'rightScriptId');
  return { ...current, scripts: current.scripts.filter((script) => script !== detached) };
}

/**
 * Pins another version of the same lineage; its place stays.
 *
 * @throws DomainError NOT_FOUND or INVALID
 */
export function planRepinScript(current: PhaseScripts, fromId: string, to: ScriptVersion): PhaseScripts {
  const from = scriptOf(current, fromId, 'fromId');
  if (from.lineageId !== to.lineageId)
    throw invalid(
      '`toId` belongs to another RightScript than `fromId`: name a version of the same one (HEAD or a revision).',
      'input',
      'toId',
    );
  return { ...current, scripts: current.scripts.map((script) => (script === from ? to : script)) };
}

/** Whether they run the same versions in the same order. */
export function sameScripts({ scripts: left }: PhaseScripts, { scripts: right }: PhaseScripts): boolean {
  return (
    left.length === right.length &&
    left.every(({ rightScriptId }, index) => rightScriptId === right[index]?.rightScriptId)
  );
}

function assertPosition(position: number, maximum: number): void {
  if (position < 0 || position > maximum)
    throw invalid(
      `\`position\` is ${position}, but must be between 0 (the first) and ${maximum}.`,
      'input',
      'position',
    );
}

/** What isn't attached gets one answer, whether or not it exists. */
function scriptOf({ phase, scripts }: PhaseScripts, rightScriptId: string, field: string): ScriptVersion {
  const found = scripts.find((script) => script.rightScriptId === rightScriptId);
  if (found === undefined)
    throw new DomainError(
      'NOT_FOUND',
      `The ServerTemplate attaches no RightScript with this id in the phase ${phase}: pass the id of the very version that it pins there.`,
      { path: ['input', field] },
    );
  return found;
}
