import {expect} from 'chai'
import {type Panel, plot} from '../../src/report/plot.js'

describe('plot', () => {
  const panel = (more: Partial<Panel>): Panel => ({title: 'loss', curves: [], ...more})
  const circles = (svg: string) =>
    [...svg.matchAll(/<circle cx="([^"]+)" cy="([^"]+)" r="2.5"/g)].map(([, x, y]) => [Number(x), Number(y)])

  it('puts larger values higher and later ones to the right', () => {
    const [first, second, third] = circles(
      plot(
        [
          panel({
            curves: [
              {
                name: 'a',
                points: [
                  [1, 0],
                  [2, 5],
                  [3, 1],
                ],
              },
            ],
          }),
        ],
        'epoch',
      ),
    ) as [number[], number[], number[]]
    expect([first[0], second[0], third[0]]).to.deep.equal(
      [...[first[0], second[0], third[0]]].sort((a = 0, b = 0) => a - b),
    )
    expect(second[1]).to.be.below(third[1] as number)
    expect(third[1]).to.be.below(first[1] as number)
  })

  it('leaves points out that are no numbers', () => {
    const points = [
      [1, 1],
      [2, Number.NaN],
      [3, Number.POSITIVE_INFINITY],
      [4, 2],
    ] as const
    const svg = plot([panel({curves: [{name: 'a', points}], references: [{name: 'r', value: Number.NaN}]})], 'epoch')
    expect(circles(svg)).to.have.length(2)
    expect(svg).not.to.match(/NaN|Infinity/)
  })

  it('draws a single point in the middle, and values that are all alike', () => {
    const [[x] = []] = circles(plot([panel({curves: [{name: 'a', points: [[1, 0]]}]})], 'epoch'))
    // between the margins of 60 and 92 of 760
    expect(x).to.equal((60 + 760 - 92) / 2)
  })

  it('draws panels without a point', () => {
    expect(plot([panel({})], 'epoch')).not.to.match(/NaN|Infinity/)
  })

  it('keeps names from being read as marks', () => {
    const svg = plot(
      [panel({title: '<b>&', curves: [{name: '</g>', points: [[1, 1]]}], mark: {x: 1, y: 1, name: '<i>'}})],
      '<x>',
    )
    expect(svg).to.contain('&lt;b&gt;&amp;').and.to.contain('&lt;/g&gt;').and.to.contain('&lt;i&gt;')
    expect(svg).not.to.match(/<b>|<i>|<x>/)
  })

  it('moves names apart that would cover each other', () => {
    const svg = plot(
      [
        panel({
          curves: [
            {
              name: 'a',
              points: [
                [1, 0],
                [2, 1],
              ],
            },
          ],
          references: [
            {name: 'r1', value: 0.5},
            {name: 'r2', value: 0.5},
          ],
        }),
      ],
      'epoch',
    )
    const heights = [...svg.matchAll(/y="([\d.]+)" dy="4" fill="[^"]+">r\d</g)].map(([, y]) => Number(y))
    expect(heights).to.have.length(2)
    expect((heights[1] ?? 0) - (heights[0] ?? 0)).to.be.at.least(12)
  })
})
