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

/** An image that is gone from the cloud is INVALID to everybody. */
export function availabilityOf(lifecycle: ImageLifecycle, visible: boolean): ImageAvailability {
  if (lifecycle === 'DELETED') return 'INVALID';
  return visible && (lifecycle === 'AVAILABLE' || lifecycle === 'DEPRECATED') ? 'AVAILABLE' : 'UNAVAILABLE';
}
