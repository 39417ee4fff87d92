export { default } from 'localforage'
