import { capitalize, nameCloud, nameMultiCloudImage, nameServerTemplate } from '../advisories/naming';
import { choiceLevels } from './choice-levels';
import type { LaunchInputs, MultiCloudImageFacts, ServerTemplateFacts } from './configuration';
import type { ResolutionStep } from './resolution';
import { resolveField, type FieldResolution, type FieldWords, type Level } from './resolve-field';

const noun = 'the MultiCloud Image';

const words: FieldWords<MultiCloudImageFacts> = {
  field: 'MULTI_CLOUD_IMAGE',
  noun,
  name: nameMultiCloudImage,
  reference: ({ id }) => ({ type: 'MultiCloudImage', id }),
};

/**
 * the strongest choice, else the template's default. Explained are also the other MCIs that the template
 * names, except the decided one itself, whose step is the CHOSEN one.
 */
export function resolveMultiCloudImage(inputs: LaunchInputs): FieldResolution<MultiCloudImageFacts> {
  const { layers, serverTemplate } = inputs;
  const { decided, steps } = resolveField(words, [
    ...choiceLevels(layers, noun, ({ multiCloudImage }) => multiCloudImage),
    defaultLevel(serverTemplate),
  ]);
  const others = serverTemplate.multiCloudImages.filter(
    ({ id }) => id !== serverTemplate.defaultMultiCloudImageId && id !== decided?.value.id,
  );
  return { decided, steps: [...steps, ...others.map((other) => explainOther(other, inputs))] };
}

function defaultLevel(serverTemplate: ServerTemplateFacts): Level<MultiCloudImageFacts> {
  const source = 'SERVER_TEMPLATE';
  const speaker = nameServerTemplate(serverTemplate);
  const offer = serverTemplate.multiCloudImages.find(
    ({ id }) => id === serverTemplate.defaultMultiCloudImageId,
  );
  return offer
    ? { source, speaker, offer, claim: (name) => `${capitalize(speaker)} has ${name} as its default` }
    : { source, silence: `${capitalize(speaker)} has no default MultiCloud Image.` };
}

function explainOther(other: MultiCloudImageFacts, { cloud, serverTemplate }: LaunchInputs): ResolutionStep {
  const named = `${capitalize(nameServerTemplate(serverTemplate))} also names ${nameMultiCloudImage(other)}`;
  return {
    field: 'MULTI_CLOUD_IMAGE',
    source: 'SERVER_TEMPLATE',
    outcome: other.setting ? 'PASSED_OVER' : 'REJECTED',
    reason: other.setting
      ? `${named}, which is not its default.`
      : `${named}, which has no setting for ${nameCloud(cloud)}.`,
    candidate: words.reference(other),
  };
}
