import type { CloudFacts, InstanceTypeFacts } from '../launch/configuration';
import type { Advisory } from './advisory';
import { deletedAdvisories, headAdvisories, type ComponentFacts } from './component-advisories';
import { imageAdvisories } from './image-advisories';
import { instanceTypeAdvisories } from './instance-type-advisories';
import type { PlacedImage } from './naming';
import { orderAdvisories } from './order-advisories';

/** What a running instance was launched with, and the template version that it follows. */
export interface InstanceAdviceFacts {
  readonly cloud: CloudFacts;
  readonly serverTemplate: ComponentFacts;
  readonly multiCloudImage: ComponentFacts | null;
  readonly images: readonly PlacedImage[];
  readonly instanceType: InstanceTypeFacts;
}

/** Section 11 for an instance that runs: what became of what it was launched with. */
export function instanceAdvisories(facts: InstanceAdviceFacts): Advisory[] {
  const { cloud, serverTemplate, multiCloudImage, images, instanceType } = facts;
  return orderAdvisories([
    ...headAdvisories('ServerTemplate', serverTemplate),
    ...deletedAdvisories('ServerTemplate', serverTemplate),
    ...(multiCloudImage
      ? [
          ...headAdvisories('MultiCloudImage', multiCloudImage),
          ...deletedAdvisories('MultiCloudImage', multiCloudImage),
        ]
      : []),
    ...images.flatMap((placed) => imageAdvisories(placed, 'WARNING')),
    ...instanceTypeAdvisories(instanceType, cloud),
  ]);
}
