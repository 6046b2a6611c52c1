import type { CloudFacts, InstanceTypeFacts } from '../launch/configuration';
import type { Advisory } from './advisory';
import { capitalize, nameCloud, nameInstanceType } from './naming';

/** A type that its cloud withdrew stays, and says so. */
export function instanceTypeAdvisories(instanceType: InstanceTypeFacts, cloud: CloudFacts): Advisory[] {
  if (instanceType.offered) return [];
  return [
    {
      code: 'INSTANCE_TYPE_UNAVAILABLE',
      severity: 'WARNING',
      message:
        `${capitalize(nameInstanceType(instanceType))} is no longer offered by ${nameCloud(cloud)}. ` +
        'Choose another instance type.',
      subject: { type: 'InstanceType', id: instanceType.id },
    },
  ];
}
