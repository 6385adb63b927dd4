#ifndef STOP_H
#define STOP_H

/* Ends the program with a message. */
void stop(const char *what, const char *why);

#endif
