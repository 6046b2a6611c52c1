import type { CloudFacts, ImageFacts } from '../launch/configuration';
import type { SubjectReference } from './advisory';

/** What is needed to name one version of a component. */
export interface NamedRevision {
  readonly name: string;
  /** 0 is HEAD. */
  readonly revision: number;
}

/** The part of a launch configuration that an image fills. */
export type ImageSlot = 'machine' | 'kernel' | 'ramdisk';

/** An image in the slot and the cloud that it is used for. */
export interface PlacedImage {
  readonly slot: ImageSlot;
  readonly image: ImageFacts;
  readonly cloud: CloudFacts;
}

export function nameRevision({ name, revision }: NamedRevision): string {
  return `"${name}" [${revision === 0 ? 'HEAD' : `rev ${revision}`}]`;
}

export function nameMultiCloudImage(multiCloudImage: NamedRevision): string {
  return `the MultiCloud Image ${nameRevision(multiCloudImage)}`;
}

export function nameServerTemplate(serverTemplate: NamedRevision): string {
  return `the ServerTemplate ${nameRevision(serverTemplate)}`;
}

export function nameRightScript(rightScript: NamedRevision): string {
  return `the RightScript ${nameRevision(rightScript)}`;
}

export function nameCloud(cloud: CloudFacts): string {
  return `cloud "${cloud.name}"`;
}

export function nameInstanceType(instanceType: { readonly name: string }): string {
  return `the instance type "${instanceType.name}"`;
}

/** Of an image that the viewer may not see only the resourceUid is told (R-3.2). */
export function nameImage(slot: ImageSlot, image: ImageFacts): string {
  return image.visible
    ? `the ${slot} image "${image.name}" (${image.resourceUid})`
    : `the ${slot} image ${image.resourceUid}`;
}

/** The reference to an image, or `null` when the viewer may not see it. */
export function imageSubject(image: ImageFacts): SubjectReference | null {
  return image.visible ? { type: 'CloudImage', id: image.id } : null;
}

/** Makes a phrase the beginning of a sentence. */
export function capitalize(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1);
}

/** "a", "a and b", "a, b and c". */
export function enumerate(phrases: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  const last = phrases.at(-1) ?? '';
  return phrases.length < 2 ? last : `${phrases.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}
