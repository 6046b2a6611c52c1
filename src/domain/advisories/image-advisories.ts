import type { ImageFacts } from '../launch/configuration';
import type { Advisory, Severity } from './advisory';
import { capitalize, imageSubject, nameCloud, nameImage, type PlacedImage } from './naming';

/**
 * What says about one image: unavailable, gone, deprecated, private.
 * Of an image that the viewer may not see nothing but its being unusable is told.
 *
 * @param severity of an image that can't be launched: BLOCKING in a resolution, WARNING on a component
 */
export function imageAdvisories(placed: PlacedImage, severity: Severity): Advisory[] {
  const { image } = placed;
  const subject = imageSubject(image);
  const advisories: Advisory[] = [];
  if (image.availability === 'INVALID') {
    advisories.push({ code: 'IMAGE_INVALID', severity, message: invalidMessage(placed), subject });
  } else if (image.availability === 'UNAVAILABLE' || !image.visible) {
    advisories.push({ code: 'IMAGE_UNAVAILABLE', severity, message: unavailableMessage(placed), subject });
  } else if (image.lifecycle === 'DEPRECATED') {
    advisories.push({
      code: 'IMAGE_DEPRECATED',
      severity: 'WARNING',
      message: deprecatedMessage(placed),
      subject,
    });
  }
  if (image.visible && image.private) {
    advisories.push({ code: 'IMAGE_PRIVATE', severity: 'INFO', message: privateMessage(placed), subject });
  }
  return advisories;
}

function invalidMessage(placed: PlacedImage): string {
  return `${subjectPhrase(placed)} no longer exists in ${nameCloud(placed.cloud)}. ${chooseAnother(placed.image)}`;
}

function unavailableMessage(placed: PlacedImage): string {
  const { image, cloud } = placed;
  if (!image.visible) {
    return (
      `${subjectPhrase(placed)} of ${nameCloud(cloud)} is not visible to this account. ` +
      'Ask its owner to share it, or choose another image.'
    );
  }
  const unavailable = `${subjectPhrase(placed)} is not available in ${nameCloud(cloud)}`;
  switch (image.lifecycle) {
    case 'PENDING':
      return `${unavailable}: it is still being made. Wait until it is complete, or choose another image.`;
    case 'FAILED':
      return `${unavailable}: making it failed. ${chooseAnother(image)}`;
    case 'OBSOLETE':
      return `${unavailable}: it is obsolete. ${chooseAnother(image)}`;
    default:
      return `${unavailable}. ${chooseAnother(image)}`;
  }
}

function deprecatedMessage(placed: PlacedImage): string {
  const deprecated = `${subjectPhrase(placed)} of ${nameCloud(placed.cloud)} is deprecated.`;
  const replacement = nameReplacement(placed.image);
  return replacement
    ? `${deprecated} Move to its replacement ${replacement}.`
    : `${deprecated} Choose a newer image before this one is withdrawn.`;
}

function privateMessage(placed: PlacedImage): string {
  return (
    `${subjectPhrase(placed)} of ${nameCloud(placed.cloud)} is private. ` +
    'Share it with each account that is to launch from it.'
  );
}

function chooseAnother(image: ImageFacts): string {
  const replacement = nameReplacement(image);
  return replacement ? `Choose its replacement ${replacement}, or another image.` : 'Choose another image.';
}

function nameReplacement({ visible, replacement }: ImageFacts): string | null {
  return visible && replacement ? `"${replacement.name}" (${replacement.resourceUid})` : null;
}

function subjectPhrase({ slot, image }: PlacedImage): string {
  return capitalize(nameImage(slot, image));
}
