/** The value below which this share of the values lies, interpolated between neighbours as in R's type 7. */
export function quantile(values, share) {
  if (values.length === 0) throw new RangeError('There is no quantile of nothing')
  const sorted = [...values].sort((a, b) => a - b)
  const position = (sorted.length - 1) * share
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below)
}

/** The median with the quartiles around it. */
export function summary(values) {
  return { q1: quantile(values, 0.25), median: quantile(values, 0.5), q3: quantile(values, 0.75) }
}

/**
 * What a goal judges, in each round: the ratio of the fastest of `over` to the fastest, or the slowest, of `under`; without `under` the
 * milliseconds of the fastest; with `sizes` how the time grows with the size, see `slope`. Ratios are made inside a round and
 * summed up afterwards, so that a machine that is slow for a while is slow for both sides. Which contender is the fastest is
 * said by the medians of all rounds: the least of several times that scatter is less than any contender takes.
 */
export function figures(rounds, { over, under, isUnderSlowest, sizes }) {
  if (sizes) return rounds.map((round) => slope(sizes.map(({ size, name }) => [size, timeOf(round, name)])))
  const first = byMedian(rounds, over).at(0)
  const second = under && byMedian(rounds, under).at(isUnderSlowest ? -1 : 0)
  return rounds.map((round) => timeOf(round, first) / (second ? timeOf(round, second) : 1))
}

/** The names, the fastest first. */
function byMedian(rounds, names) {
  const medianOf = (name) =>
    quantile(
      rounds.map((round) => timeOf(round, name)),
      0.5,
    )
  return [...names].sort((a, b) => medianOf(a) - medianOf(b))
}

/** Least squares through the logarithms: 0 when the time does not grow with the size, 1 when both double together. */
function slope(points) {
  const logs = points.map((point) => point.map(Math.log))
  const mean = (index) => logs.reduce((sum, log) => sum + log[index], 0) / logs.length
  const [meanX, meanY] = [mean(0), mean(1)]
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  return covariance / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
}

/**
 * The order of a round. In as many rounds as there are contenders (twice as many where that is odd) everybody has every place,
 * and comes after every other equally often: nobody pays more than others for what the one before left to the machine.
 * Williams, "Experimental designs balanced for the estimation of residual effects of treatments", 1949.
 */
export function orderOf(list, round) {
  const count = list.length
  // 0, 1, -1, 2, -2 ...: neighbours differ by another number each time.
  const zigzag = list.map((_, index) => (index % 2 === 1 ? (index + 1) / 2 : count - index / 2))
  const order = zigzag.map((place) => list[(place + round) % count])
  return count % 2 === 1 && Math.floor(round / count) % 2 === 1 ? order.reverse() : order
}

/** Whether the median is where the goal wants it; undefined for a goal that only informs. */
export function isMet({ atLeast, atMost }, median) {
  if (atLeast !== undefined) return median >= atLeast
  if (atMost !== undefined) return median <= atMost
  return undefined
}

function timeOf(round, name) {
  if (!(round[name] > 0)) throw new RangeError(`There is no time of ${name} in a round`)
  return round[name]
}
