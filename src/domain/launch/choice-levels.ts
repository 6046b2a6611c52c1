import { capitalize } from '../advisories/naming';
import type { ChoiceLayer, LaunchChoices } from './configuration';
import type { Level } from './resolve-field';

const speakers: Readonly<Record<ChoiceLayer['source'], string>> = {
  REQUEST: 'the request',
  SERVER: 'the server',
  SERVER_ARRAY: 'the server array',
};

/** The levels of one field on which somebody may have chosen, strongest first. */
export function choiceLevels<Value>(
  layers: readonly ChoiceLayer[],
  noun: string,
  choiceOf: (choices: LaunchChoices) => Value | null | undefined,
): Level<Value>[] {
  return layers.map(({ source, choices }) => {
    const speaker = speakers[source];
    const offer = choiceOf(choices);
    return offer === undefined
      ? { source, silence: `${capitalize(speaker)} does not choose ${noun}.` }
      : { source, speaker, offer, claim: (name) => `${capitalize(speaker)} chooses ${name}` };
  });
}
