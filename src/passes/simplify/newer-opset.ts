/**
 * Why a pattern stays that an operator of a later opset could replace, and the flag that raises it. How many nodes that saves is not said:
 * the same reason holds for many nodes, and what other rules find afterwards is only known once it was done.
 */
export function newerOpset(opType: string, since: number, opset: number): string {
  return `${opType} needs opset ${since}, the model has ${opset}: --opset ${since} raises it`
}
