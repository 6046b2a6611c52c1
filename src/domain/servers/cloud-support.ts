import { capitalize, nameCloud, nameMultiCloudImage, nameServerTemplate } from '../advisories/naming';
import { DomainError } from '../errors';
import type { LaunchInputs, MultiCloudImageFacts } from '../launch/configuration';
import { chooseAlternative } from '../launch/launch-advisories';
import type { LaunchResolution } from '../launch/resolution';
import { resolveLaunch } from '../launch/resolve-launch';

/**
 * the MCI of needs a setting for the cloud, whatever is overridden.
 *
 * @param path of the input field that decides it
 * @throws DomainError CLOUD_NOT_SUPPORTED, with what a client is shown
 */
export function assertCloudSupported(inputs: LaunchInputs, ...path: string[]): void {
  const resolution = resolveLaunch(inputs);
  if (resolution.setting !== null) return;
  const { cloud } = inputs;
  const mci = resolution.multiCloudImage;
  const reason = mci
    ? `${capitalize(nameMultiCloudImage(mci.value))} has no setting for ${nameCloud(cloud)}.`
    : `${capitalize(nameServerTemplate(inputs.serverTemplate))} has no default MultiCloud Image, and none is chosen.`;
  const cure = chooseAlternative(resolution.alternatives);
  throw cloudNotSupported(inputs, resolution, `${reason} ${cure}, or another ServerTemplate.`, ...path);
}

/** The refusal, with the template's MCIs that do support the cloud. */
export function cloudNotSupported(
  { serverTemplate }: LaunchInputs,
  { alternatives }: Pick<LaunchResolution, 'alternatives'>,
  message: string,
  ...path: string[]
): DomainError {
  const keys = alternatives.map(({ id }: MultiCloudImageFacts) => id);
  return new DomainError('CLOUD_NOT_SUPPORTED', message, {
    path,
    unsupported: { serverTemplateId: serverTemplate.id, alternatives: keys },
  });
}
