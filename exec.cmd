@rem The scripts in package.json begin with "exec", so that a signal to npm reaches them and no shell in between;
@rem Windows has neither such shells nor that word.
@%*
