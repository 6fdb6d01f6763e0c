"""The console: pages over one record, for people. Shows State and passes on acts; decides nothing itself."""
