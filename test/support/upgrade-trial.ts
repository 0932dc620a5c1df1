import {expect} from 'chai'
import type {Node} from '../../src/ir/node.js'
import {verify} from '../../src/ir/verify.js'
import {upgradeModel} from '../../src/passes/upgrade/upgrade-model.js'
import {type Feeds, maxDifference, modelOf, type Write} from './pass-trial.js'
import {type Results, runGraph} from './run-graph.js'

/** A graph at an old opset and what it is fed. */
export interface UpgradeCase {
  readonly name: string
  readonly opset: number
  readonly write: Write
  readonly feeds: Feeds
  /** Opsets to go to, where ONNX Runtime lacks a kernel for some of the usual ones. */
  readonly to?: readonly number[]
  /** What it must give, where ONNX Runtime cannot run the old operator. */
  readonly stated?: Results
}

const TARGETS = [13, 18, 21, 24]

/** Tests that a graph, upgraded to each opset, gives in ONNX Runtime what it gave before, to 1e-6. */
export function itMeansTheSame(trial: UpgradeCase): void {
  const targets = (trial.to ?? TARGETS).filter((to) => to > trial.opset)
  it(`${trial.name}: opset ${trial.opset} to ${targets.join(', ')}`, async () => {
    const before = trial.stated ?? (await runGraph(modelOf(trial.write, trial.opset), trial.feeds))
    for (const to of targets) {
      const model = modelOf(trial.write, trial.opset)
      await upgradeModel(model, to)
      expect(verify(model.graph), `invariants at ${to}`).to.deep.equal([])
      const after = await runGraph(model, trial.feeds)
      expect(maxDifference(before, after), `at opset ${to}`).to.be.at.most(1e-6)
    }
  })
}

/** The nodes of a graph after an upgrade. */
export async function upgradedNodes(write: Write, opset: number, to: number): Promise<Node[]> {
  const model = modelOf(write, opset)
  await upgradeModel(model, to)
  expect(verify(model.graph)).to.deep.equal([])
  return model.graph.allNodes()
}

/** The message of the refusal. @throws AssertionError when there is none. */
export async function refusalOf(write: Write, opset: number, to: number): Promise<string> {
  const model = modelOf(write, opset)
  try {
    await upgradeModel(model, to)
  } catch (error) {
    return (error as Error).message
  }
  return expect.fail('the upgrade was expected to be refused')
}
