import type { ImageAvailability, ImageLifecycle } from './cloud-image';

interface LifecycleFacts {
  readonly lifecycle: ImageLifecycle;
  readonly deprecatesAt: Date | null;
}

/** an AVAILABLE image whose deprecation time has passed reads as DEPRECATED. */
export function lifecycleAt(image: LifecycleFacts, now: Date): ImageLifecycle {
  const due = image.deprecatesAt !== null && image.deprecatesAt <= now;
  return image.lifecycle === 'AVAILABLE' && due ? 'DEPRECATED' : image.lifecycle;
}

/** Of an image that the viewer doesn't see, nothing is told but its uid: not even that it is gone. */
export function availabilityOf(lifecycle: ImageLifecycle, visible: boolean): ImageAvailability {
  if (!visible) return 'UNAVAILABLE';
  if (lifecycle === 'DELETED') return 'INVALID';
  return lifecycle === 'AVAILABLE' || lifecycle === 'DEPRECATED' ? 'AVAILABLE' : 'UNAVAILABLE';
}
