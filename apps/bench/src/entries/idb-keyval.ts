export { get, set, update } from 'idb-keyval'
