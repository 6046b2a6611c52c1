/** SQL predicates for what an account may see. The parameter `:viewer` is the account's id. */

export const cloudVisible = (cloud: string): string =>
  `(${cloud}.account_id IS NULL OR ${cloud}.account_id = :viewer)`;

export const imageVisible = (image: string): string =>
  `(${image}.owner_account_id IS NULL OR ${image}.owner_account_id = :viewer OR EXISTS (
    SELECT FROM cloud_image_shares AS share WHERE share.cloud_image_id = ${image}.id AND share.account_id = :viewer))`;

/** The private ones among them; by index, since an account may see none of very many. */
export const privateImageVisible = (image: string): string =>
  `(${image}.owner_account_id IS NOT NULL AND (${image}.owner_account_id = :viewer OR ${image}.id = ANY(ARRAY(
    SELECT share.cloud_image_id FROM cloud_image_shares AS share WHERE share.account_id = :viewer))))`;

export const instanceTypeVisible = (type: string): string =>
  `(${type}.owner_account_id IS NULL OR ${type}.owner_account_id = :viewer)`;

/** A visible image of this lifecycle is AVAILABLE to the viewer. */
export const imageAvailable = (image: string): string =>
  `(${image}.lifecycle IN ('AVAILABLE', 'DEPRECATED') AND ${imageVisible(image)})`;

/** AVAILABLE reads as DEPRECATED once its time has come. `:now` is the moment. */
export const effectiveLifecycle = (image: string): string =>
  `CASE WHEN ${image}.lifecycle = 'AVAILABLE' AND ${image}.deprecates_at <= :now THEN 'DEPRECATED' ELSE ${image}.lifecycle END`;
