import type { KeyedAtoms } from '../merge/content';
import { byPhase, SCRIPT_PHASES, type PinAtom, type ServerTemplateContent } from './component-content';

/** Lineages that a ServerTemplate pins at HEAD, each once. */
export interface HeadPins {
  readonly multiCloudImages: readonly string[];
  readonly rightScripts: readonly string[];
}

const HEAD = 0;

export function headPins({ multiCloudImages, scripts }: ServerTemplateContent): HeadPins {
  const atHead = (pins: KeyedAtoms<PinAtom>): string[] =>
    [...pins].filter(([, { revision }]) => revision === HEAD).map(([lineageId]) => lineageId);
  return {
    multiCloudImages: atHead(multiCloudImages),
    rightScripts: [...new Set(SCRIPT_PHASES.flatMap((phase) => atHead(scripts[phase].items)))],
  };
}

/** The template with these revisions, by lineage, pinned where it pinned HEADs. */
export function withCommittedPins(
  content: ServerTemplateContent,
  multiCloudImages: ReadonlyMap<string, number>,
  rightScripts: ReadonlyMap<string, number>,
): ServerTemplateContent {
  const move = (pins: KeyedAtoms<PinAtom>, to: ReadonlyMap<string, number>): KeyedAtoms<PinAtom> =>
    new Map(
      [...pins].map(([lineageId, pin]) => {
        const revision = pin.revision === HEAD ? to.get(lineageId) : undefined;
        return [lineageId, revision === undefined ? pin : { revision }];
      }),
    );
  return {
    ...content,
    multiCloudImages: move(content.multiCloudImages, multiCloudImages),
    scripts: byPhase((phase) => {
      const { order, items } = content.scripts[phase];
      return { order, items: move(items, rightScripts) };
    }),
  };
}
