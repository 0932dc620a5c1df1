/** A share in percent; what is less than all never reads as all. */
export function percent(share: number): string {
  const text = (100 * share).toFixed(1)
  return `${share < 1 && text === '100.0' ? '99.9' : text} %`
}
