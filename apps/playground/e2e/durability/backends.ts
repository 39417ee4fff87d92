/** The backends that promise to keep what they acknowledge; each is put through every test here. */
export const durableBackends = ['indexeddb', 'sqlite']
