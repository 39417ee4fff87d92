const oldest = { major: 20, minor: 19 }

/** One line that says what is wrong with this version of Node; undefined when it will do. */
export function nodeVersionProblem(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return undefined
  return `Unified Storage needs Node ${oldest.major}.${oldest.minor} or newer; this is Node ${version.replace(/^v/, '')}.`
}
