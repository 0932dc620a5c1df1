/** Samples are inflated and decoded once when they take no more: 340,000 images of 28 x 28, or 1,700 of 224 x 224 in colour. */
export const KEPT_BYTES = 256 * 2 ** 20
